using System.Globalization;

namespace AkkaMail.Core.Domains;

/// <summary>
/// A domain as somebody writes it, to the form it is kept in: A-labels, lower case, no dot at the end.
/// </summary>
public static class DomainName
{
    /// <summary>RFC 1035 §2.3.4 allows 253; our longest own name below it has to fit too.</summary>
    public const int CharactersMax = 253 - 48;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// Null with the reason, in words that follow the field's name, when it is no domain to send from.
    /// </summary>
    public static string? Parse(string text, out string? problem)
    {
        problem = null;
        string name;
        try { name = Idn.GetAscii(text.Trim().TrimEnd('.')).ToLowerInvariant(); }
        catch (ArgumentException)
        {
            problem = "is no domain name";
            return null;
        }
        if (name.Length > CharactersMax) problem = $"has {name.Length} characters; {CharactersMax} are allowed";
        else if (!name.Contains('.', StringComparison.Ordinal) || name.Split('.').Any(l => l.Length == 0))
            problem = "is no domain name";
        else if (name.Split('.')[^1].All(char.IsAsciiDigit)) problem = "is an address and no domain";
        else if (OrganizationalDomain.IsPublicSuffix(name))
            problem = "is a public suffix: everybody may register names below it";
        return problem is null ? name : null;
    }
}
