using System.Text.RegularExpressions;

namespace AkkaMail.Core.Ids;

/// <summary>Addresses for who may see none: of <c>ann@example.com</c> there is <c>a***@example.com</c>.</summary>
public static class MaskedAddresses
{
    /// <summary>An actor's name, in stories: the only @ of ours that is in no address.</summary>
    private const string Node = "://akkamail@";

    /// <summary>
    /// Whatever stands before an @, or an @ of a URL, is taken for a local part, in quotes (RFC 5321 §4.1.2) or not:
    /// rather too much than too little. It is not matched by backtracking, since strangers write what is read here.
    /// </summary>
    private static readonly Regex Address = new("""
        akka(\.ssl)?\.tcp://akkamail@
        |"+[^"\r\n]*"+@
        |(?<first>[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\s<>()\[\],;:"\\@])[^\s<>()\[\],;:"\\@]*(?<at>@|%40)
        """, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace);

    /// <summary>The text with each address in it masked.</summary>
    public static string In(string text) => Address.Replace(text, match =>
        match.Value.EndsWith(Node, StringComparison.Ordinal) ? match.Value
        : match.Groups["at"] is { Success: true } at ? $"{match.Groups["first"].Value}***{at.Value}" : "***@");
}
