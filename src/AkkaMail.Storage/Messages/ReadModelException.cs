namespace AkkaMail.Storage.Messages;

/// <summary>
/// The read model could not take this: locked, full, a gap in the numbers, an event of a message it never saw. Nothing
/// of the call was stored; the projector asks where the model is and goes on from there.
/// </summary>
public sealed class ReadModelException : Exception
{
    public ReadModelException() { }
    public ReadModelException(string message) : base(message) { }
    public ReadModelException(string message, Exception? cause) : base(message, cause) { }
}
