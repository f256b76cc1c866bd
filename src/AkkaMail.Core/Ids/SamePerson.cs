using System.Text;

namespace AkkaMail.Core.Ids;

/// <summary>
/// One form for all ways of writing an address: whoever has asked not to be written to is not written to in another
/// one. Letters that are put together differently (NFC, NFD), capitals and needless quotes (RFC 5321 §4.1.2: the quoted
/// string and the atom are the same mailbox) tell nobody apart.
/// </summary>
public static class SamePerson
{
    /// <param name="envelopeAddress">Its domain in A-labels; or <c>@domain</c>.</param>
    public static string Of(string envelopeAddress)
    {
        var at = envelopeAddress.LastIndexOf('@');
        var (local, domain) = at < 0 ? (envelopeAddress, "") : (envelopeAddress[..at], envelopeAddress[at..]);
        return $"{Folded(Unquoted(local))}{domain.ToLowerInvariant()}";
    }

    /// <summary>Without quotes where the text can stand without, else with no more backslashes than it needs.</summary>
    private static string Unquoted(string local)
    {
        if (local.Length < 3 || local[0] != '"' || local[^1] != '"') return local;
        var text = new StringBuilder(local.Length);
        for (var i = 1; i < local.Length - 1; i++)
        {
            if (local[i] == '\\' && i + 1 < local.Length - 1) i++;
            text.Append(local[i]);
        }
        var plain = text.ToString();
        if (IsAtoms(plain)) return plain;
        var quoted = plain.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{quoted}\"";
    }

    private static bool IsAtoms(string text) => text.Split('.').All(atom => atom.Length > 0 && atom.All(c =>
        c >= 128 || char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal)));

    /// <summary>To lower case between: a small letter may be put together where its capital was not.</summary>
    private static string Folded(string text) => System.Text.Ascii.IsValid(text) ? text.ToLowerInvariant()
        : WellFormed.Of(text).Normalize(NormalizationForm.FormC).ToLowerInvariant().Normalize(NormalizationForm.FormC);
}
