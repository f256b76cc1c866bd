namespace AkkaMail.Core.Mail;

/// <summary>
/// The content store could not do it now: locked, full, or its disk fails. Nothing was promised; the caller answers
/// 503 or 451, and a later try may succeed.
/// </summary>
public sealed class ContentStoreException : Exception
{
    public ContentStoreException() { }
    public ContentStoreException(string message) : base(message) { }
    public ContentStoreException(string message, Exception? cause) : base(message, cause) { }
}
