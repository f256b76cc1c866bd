namespace AkkaMail.Core.Seals;

/// <summary>
/// How a recipient leaves a list: by one POST to <paramref name="OneClick"/> (RFC 8058 §3.1: https only, opaque, no
/// cookies asked for), and by mail for readers that know no better (RFC 2369 §3.2).
/// </summary>
public sealed record UnsubscribeLink(Uri OneClick, string? MailTo = null)
{
    /// <summary>The value of List-Unsubscribe.</summary>
    public string Value => MailTo is null ? $"<{OneClick.AbsoluteUri}>"
        : $"<{OneClick.AbsoluteUri}>,\r\n <mailto:{Escaped(MailTo)}>";

    private static string Escaped(string address) =>
        Uri.EscapeDataString(address).Replace("%40", "@", StringComparison.Ordinal);
}
