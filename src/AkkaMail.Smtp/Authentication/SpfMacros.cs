using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace AkkaMail.Smtp.Authentication;

/// <summary>Expands <c>%{…}</c> in a domain-spec (RFC 7208 §7).</summary>
internal static partial class SpfMacros
{
    /// <summary>§7.3: a longer name loses labels from its left.</summary>
    private const int NameMax = 253;

    /// <summary>Every '%' begins something that has a meaning in a domain-spec; c, r and t have none there.</summary>
    public static bool IsValid(string spec) => !Macro().Replace(spec, "").Contains('%', StringComparison.Ordinal);

    /// <summary>The last that is written is a macro.</summary>
    public static bool IsAtEnd(string spec)
    {
        var end = 0;
        foreach (var macro in Macro().EnumerateMatches(spec)) end = macro.Index + macro.Length;
        return end == spec.Length && end > 0;
    }

    /// <summary>What it expands to depends on the address that is judged.</summary>
    public static bool IsOfAddress(string spec)
    {
        for (var at = spec.IndexOf("%{", StringComparison.Ordinal); at >= 0 && at + 2 < spec.Length;
            at = spec.IndexOf("%{", at + 2, StringComparison.Ordinal))
            if (spec[at + 2] is 'i' or 'I' or 'p' or 'P' or 'v' or 'V') return true;
        return false;
    }

    /// <param name="validated">The p macro's value.</param>
    public static string Expand(
        string spec, IPAddress address, string sender, string helo, string domain, string validated)
    {
        var name = Macro().Replace(spec, m => m.Value switch
        {
            "%%" => "%",
            "%_" => " ",
            "%-" => "%20",
            _ => Transform(Value(char.ToLowerInvariant(m.Groups[1].Value[0]), address, sender, helo, domain, validated),
                m.Groups[2].Value, m.Groups[3].Length > 0, m.Groups[4].Value,
                    char.IsAsciiLetterUpper(m.Groups[1].Value[0])),
        });
        if (name.Length <= NameMax) return name;
        // At once: a record can make a name of tens of thousands of labels.
        var dot = name.IndexOf('.', name.Length - NameMax - 1);
        return name[((dot < 0 ? name.LastIndexOf('.') : dot) + 1)..];
    }

    private static string Value(
        char letter, IPAddress address, string sender, string helo, string domain, string validated)
    {
        var at = sender.LastIndexOf('@');
        return letter switch
        {
            's' => sender,
            'l' => sender[..at],
            'o' => sender[(at + 1)..],
            'd' => domain,
            'h' => helo,
            'p' => validated,
            'v' => address.AddressFamily == AddressFamily.InterNetwork ? "in-addr" : "ip6",
            _ => Dotted(address),
        };
    }

    /// <summary>IPv6 as 32 hexadecimal digits with dots between them.</summary>
    private static string Dotted(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? address.ToString()
            : string.Join('.', Convert.ToHexStringLower(address.GetAddressBytes()).Select(c => c));

    private static string Transform(string value, string digits, bool reverse, string delimiters, bool escape)
    {
        var parts = value.Split(delimiters.Length == 0 ? ['.'] : delimiters.ToCharArray());
        if (reverse) Array.Reverse(parts);
        var keep = digits.Length == 0 ? parts.Length : int.Parse(digits, CultureInfo.InvariantCulture);
        var joined = string.Join('.', parts.TakeLast(Math.Max(1, keep)));
        return escape ? Uri.EscapeDataString(joined) : joined;
    }

    [GeneratedRegex(@"%%|%_|%-|%\{([slodiphvSLODIPHV])([0-9]{0,3})([rR]?)([.\-+,/_=]*)\}")]
    private static partial Regex Macro();
}
