using System.Collections.Frozen;

namespace AkkaMail.Core.Mail;

/// <summary>
/// Which headers a sender may add. A value that could end its line would be a second header, or a second mail; a header
/// that says who sends, who receives or how the body reads is ours to write.
/// </summary>
public static class HeaderRules
{
    /// <summary>
    /// Characters. The name stands on one line of at most 998 (RFC 5322 §2.1.1); no real one is near this.
    /// </summary>
    public const int NameMax = 76;

    /// <summary>Characters of the value, folded over as many lines as it takes.</summary>
    public const int ValueMax = 4096;

    /// <summary>Folding needs white space, and a line ends at 998 (RFC 5322 §2.1.1).</summary>
    public const int WordMax = 900;

    private static readonly FrozenSet<string> Ours = FrozenSet.ToFrozenSet(
        ["From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "MIME-Version",
         "Return-Path", "Received", "DKIM-Signature", "DomainKey-Signature", "Authentication-Results", "Delivered-To"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] OurPrefixes = ["Content-", "Resent-", "ARC-", "Received-"];

    /// <summary>
    /// What is wrong with this header, as the end of a sentence that begins with its field; null when it may go.
    /// </summary>
    public static string? Problem(string name, string value) => NameProblem(name) ?? ValueProblem(value);

    private static string? NameProblem(string name)
    {
        if (name.Length is 0 or > NameMax) return $"must have a name of 1 to {NameMax} characters";
        foreach (var c in name)
            // RFC 5322 §2.2
            if (c is <= ' ' or > '~' or ':') return "has a character in its name that no header name may have";
        if (Ours.Contains(name) || OurPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            return $"is written by the engine ({name}); use the field of its own where there is one";
        return null;
    }

    private static string? ValueProblem(string value)
    {
        if (value.Length > ValueMax) return $"has a value of over {ValueMax} characters";
        var word = 0;
        foreach (var c in value)
        {
            if (char.IsControl(c) && c != '\t') return "has a control character in its value";
            word = c is ' ' or '\t' ? 0 : word + 1;
            if (word > WordMax) return $"has a word of over {WordMax} characters, which no line can hold";
        }
        return null;
    }
}
