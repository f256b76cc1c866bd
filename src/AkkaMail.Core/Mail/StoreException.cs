namespace AkkaMail.Core.Mail;

/// <summary>
/// A store could not do it now: locked, full, its disk fails, or what it was given does not fit what it has. Nothing of
/// the call was kept and nothing was promised; the caller answers 503 or 451, and a later try may succeed.
/// </summary>
/// <param name="store">As people call it: <c>The content store</c>.</param>
public sealed class StoreException(string store, string message, Exception? cause = null)
    : Exception($"{store}: no answer ({message})", cause)
{
    public string Store { get; } = store;
}
