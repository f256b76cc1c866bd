using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaMail.Core.Networks;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Options;

/// <summary>Hosts as settings name them. What a peer or DNS would refuse later is refused at the start.</summary>
internal static class HostText
{
    /// <summary>RFC 1123 §2.1, with the underscore of some real names; an international one by its A-labels.</summary>
    public static bool IsName(string text) =>
        Ascii.IsValid(text) && !text.EndsWith('.') && Sites.DomainOf(text) is not null;

    /// <summary>What may be said in EHLO: a name, or an address in brackets (RFC 5321 §4.1.3).</summary>
    public static bool IsSaid(string text) => IsName(text) || text is ['[', .. var inner, ']']
        && NetworkText.Address(inner.Replace("IPv6:", "", StringComparison.OrdinalIgnoreCase)) is not null;

    /// <summary><c>host:port</c>; the address of IPv6 stands in brackets, or nobody knows where it ends.</summary>
    public static bool IsHostAndPort(string text) =>
        Point(text) is not null || Cut(text) is var (host, _) && IsName(host);

    /// <summary><c>address:port</c>, neither of them left out; null when it is something else.</summary>
    public static IPEndPoint? Point(string text) => Cut(text) is not var (host, port) ? null
        : host is ['[', .. var inner, ']']
            ? NetworkText.Address(inner) is { AddressFamily: AddressFamily.InterNetworkV6 } six ? new(six, port) : null
        : NetworkText.Address(host) is { AddressFamily: AddressFamily.InterNetwork } four ? new(four, port) : null;

    private static (string Host, int Port)? Cut(string text) =>
        text.LastIndexOf(':') is > 0 and var colon
        && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? (text[..colon], port) : null;

    /// <summary>A fault for each of these settings that is given and is no host name.</summary>
    public static IEnumerable<ValidationResult> NoNames(
        string section, Func<string, bool> isGood, params (string Name, string? Text)[] settings) => settings
        .Where(s => s.Text is not null && !isGood(s.Text))
        .Select(s => new ValidationResult(
            $"{section}:{s.Name} ({Shown(s.Text!)}) is not a host name like mail.example.com.", [s.Name]));

    /// <summary>In one line, whatever it is.</summary>
    public static string Shown(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}
