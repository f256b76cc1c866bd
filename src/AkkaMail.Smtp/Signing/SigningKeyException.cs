namespace AkkaMail.Smtp.Signing;

/// <summary>
/// A mail has to be signed, and a key for it cannot be read. It must not leave without: receivers would judge it, and
/// its domain, as forged.
/// </summary>
public sealed class SigningKeyException(string message, Exception? cause = null) : Exception(message, cause);
