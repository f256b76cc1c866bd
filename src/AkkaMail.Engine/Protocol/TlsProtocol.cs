using AkkaMail.Core.Tls;

namespace AkkaMail.Engine.Protocol;

/// <summary>
/// How did the encryption of that UTC day's sessions go on this node, behind <paramref name="After"/> (null: from the
/// first)? Answered with <see cref="TlsDayPage"/>.
/// </summary>
public sealed record ReadTlsDay(DateOnly Day, TlsPlace? After = null)
{
    /// <summary>Bytes of an answer, about: thousands of domains.</summary>
    public const int PageBytes = 1024 * 1024;
}

/// <summary>
/// In the order of <see cref="TlsPlace.InOrder"/>; only the first of several says what was dropped. More: whoever wants
/// them asks on, after the last of these.
/// </summary>
public sealed record TlsDayPage(TlsDay Part, bool HasMore = false);
