using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AkkaMail.Core.Mail;

/// <summary>
/// A display name (empty when there is none) and an address. The domain is kept as written, in Unicode or A-labels;
/// <see cref="AsciiDomain"/> is what DNS and envelope see.
/// </summary>
public sealed record Mailbox(string Name, string Address)
{
    /// <summary>RFC 5321 §4.5.3.1.1 and .2; an address that fits both is within the 254 of §4.5.3.1.3.</summary>
    public const int LocalPartMax = 64, DomainMax = 253, AddressMax = 254;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    public string LocalPart => Address[..Address.LastIndexOf('@')];
    public string AsciiDomain => ToAscii(Address[(Address.LastIndexOf('@') + 1)..])!;

    /// <summary>
    /// The address for the envelope: domain in A-labels, lower case; the local part as it is (RFC 5321 §2.4).
    /// </summary>
    public string EnvelopeAddress => $"{LocalPart}@{AsciiDomain}";

    /// <summary>
    /// RFC 6531: only a local part outside ASCII needs SMTPUTF8; a domain can always be sent as A-labels.
    /// </summary>
    public bool NeedsSmtpUtf8 => !System.Text.Ascii.IsValid(LocalPart);

    /// <summary>
    /// Reads <c>a@b.c</c>, <c>Name &lt;a@b.c&gt;</c> or <c>"Name" &lt;a@b.c&gt;</c>; says what is wrong otherwise.
    /// </summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Mailbox? mailbox, [NotNullWhen(false)] out string? problem)
    {
        mailbox = null;
        text = text.Trim();
        var open = text.LastIndexOf('<');
        if (open < 0) return TryCreate("", text, out mailbox, out problem);
        if (!text.EndsWith('>')) { problem = "has a '<' without a '>' at its end"; return false; }
        var name = text[..open].Trim();
        if (name.Length >= 2 && name[0] == '"' && name[^1] == '"')
            name = name[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal)
                .Replace("\\\\", "\\", StringComparison.Ordinal);
        return TryCreate(name, text[(open + 1)..^1].Trim(), out mailbox, out problem);
    }

    public static bool TryCreate(
        string name, string address, [NotNullWhen(true)] out Mailbox? mailbox, [NotNullWhen(false)] out string? problem)
    {
        mailbox = null;
        problem = NameProblem(name) ?? AddressProblem(address);
        if (problem is not null) return false;
        mailbox = new(name, address);
        return true;
    }

    private static string? NameProblem(string name) =>
        name.Length > 320 ? "has a name of over 320 characters"
        : name.Any(char.IsControl) ? "has a control character in its name"
        : null;

    private static string? AddressProblem(string address)
    {
        var at = address.LastIndexOf('@');
        if (at <= 0 || at == address.Length - 1) return "is not an address (local@domain)";
        if (address.Length > AddressMax) return $"is longer than {AddressMax} characters";
        if (at > LocalPartMax) return $"has a local part of over {LocalPartMax} characters";
        return LocalPartProblem(address.AsSpan(0, at))
            ?? (ToAscii(address[(at + 1)..]) is null ? "has an invalid domain" : null);
    }

    /// <summary>RFC 5321 §4.1.2 Dot-string, widened by RFC 6531 §3.3 to UTF-8, or a Quoted-string.</summary>
    private static string? LocalPartProblem(ReadOnlySpan<char> local)
    {
        if (local[0] == '"') return QuotedProblem(local);
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
            return "has a dot at an end of its local part, or two in a row";
        for (var i = 0; i < local.Length; i++)
        {
            var c = local[i];
            if (char.IsHighSurrogate(c) && i + 1 < local.Length && char.IsLowSurrogate(local[i + 1])) { i++; continue; }
            var fits = c < 128
                ? char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal)
                : !char.IsSurrogate(c) && !char.IsControl(c) && !char.IsWhiteSpace(c) && !IsFormat(c);
            if (!fits) return $"has a character not allowed in a local part (U+{(int)c:X4})";
        }
        return null;
    }

    private static string? QuotedProblem(ReadOnlySpan<char> local)
    {
        if (local.Length < 3 || local[^1] != '"') return "has an unfinished quoted local part";
        for (var i = 1; i < local.Length - 1; i++)
        {
            if (local[i] is < ' ' or > '~') return "has a character not allowed in a quoted local part";
            if (local[i] == '"') return "has a quote inside a quoted local part";
            if (local[i] == '\\' && ++i >= local.Length - 1) return "has an unfinished quoted local part";
        }
        return null;
    }

    // Bidirectional marks and zero-width characters make an address look like another one; U+FFFD stands where octets
    // were no text, so nobody knows what the address is.
    private static bool IsFormat(char c) =>
        c == '\uFFFD' || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format;

    /// <summary>
    /// Lower-case letters and digits in labels of 1..63, the last one beginning with a letter: what nearly every domain
    /// is, and already its own A-label form. Anything else (hyphens too: <c>xn--</c>) is for the IDNA tables.
    /// </summary>
    private static bool IsPlain(string domain)
    {
        var label = 0;
        foreach (var c in domain)
        {
            if (c == '.') { if (label is 0 or > 63) return false; label = 0; }
            else if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) label++;
            else return false;
        }
        return label is > 0 and <= 63 && char.IsAsciiLetterLower(domain[^label]);
    }

    /// <summary>
    /// The A-label form in lower case, or null: at least one dot, labels of 1..63 letters, digits, hyphens.
    /// </summary>
    public static string? ToAscii(string domain)
    {
        if (domain.Length == 0 || domain.Length > DomainMax || !domain.Contains('.', StringComparison.Ordinal))
            return null;
        if (IsPlain(domain)) return domain;
        try
        {
            var ascii = Idn.GetAscii(domain).ToLowerInvariant();
            if (ascii.Length > DomainMax || ascii.EndsWith('.')) return null;
            var last = ascii.AsSpan(ascii.LastIndexOf('.') + 1);
            // 192.0.2.1 is no domain; literals are not taken.
            return last.ContainsAnyExceptInRange('0', '9') ? ascii : null;
        }
        catch (ArgumentException) { return null; }
    }
}
