using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Smtp.Mime;

/// <summary>
/// How a mail came here. <paramref name="Host"/> is our own name, <paramref name="Id"/> its number with us, and
/// <paramref name="Helo"/> what the client said, which may be anything. Of several recipients none is named: an empty
/// <paramref name="Recipient"/>.
/// </summary>
public sealed record Hop(
    string Host, string Id, string Recipient, string MailFrom, string Helo, string Remote, DateTimeOffset At)
{
    /// <summary>Who hands it on, when that is not the host: two lists of one host are no loop.</summary>
    public string? By { get; init; }
}

/// <summary>Our line in the trace of a mail (RFC 5321 §4.4), by which we know it when it comes back.</summary>
internal static class TraceLine
{
    /// <summary>
    /// RFC 5321 §6.3 asks for a limit of 100 at least; a mail for a postmaster does not come by so many.
    /// </summary>
    public const int HopsMax = 25;

    private static readonly SearchValues<char> HeloCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]");

    public static string Of(Hop hop) =>
        $"Received: from {Named(hop.Helo)}{Address(hop.Remote)}\r\n\t{Mark(hop)} id {hop.Id}\r\n\t"
        + (hop.Recipient.Length > 0 ? $"for <{hop.Recipient}>" : "")
        + string.Create(CultureInfo.InvariantCulture, $"; {hop.At.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n");

    /// <summary>Whether we have passed it on before.</summary>
    public static bool IsOurs(HeaderSpan field, Hop hop) => IsTrace(field)
        && field.Value.Contains(Mark(hop), StringComparison.OrdinalIgnoreCase);

    public static bool IsTrace(HeaderSpan field) => field.Name.Equals("Received", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a mail shows one that we have passed on: what a bounce returns.</summary>
    public static bool IsShown(ReadOnlySpan<byte> mail, Hop hop) =>
        mail.IndexOf(Encoding.ASCII.GetBytes(Mark(hop))) >= 0;

    private static string Mark(Hop hop) =>
        hop.By is null ? $"by {hop.Host} (AkkaMail, passed on)" : $"by {hop.Host} (AkkaMail, passed on by {hop.By})";

    /// <summary>A word of the client's stands in our line only where it can end nothing there.</summary>
    private static string Named(string helo) =>
        helo.Length is > 0 and <= 255 && !helo.AsSpan().ContainsAnyExcept(HeloCharacters) ? helo : "unknown";

    private static string Address(string remote) => !IPAddress.TryParse(remote, out var ip) ? ""
        : ip.IsIPv4MappedToIPv6 ? $" ([{ip.MapToIPv4()}])"
        : ip.AddressFamily == AddressFamily.InterNetworkV6 ? $" ([IPv6:{ip}])" : $" ([{ip}])";   // RFC 5321 §4.1.3
}
