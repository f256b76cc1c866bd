using System.Globalization;

namespace AkkaMail.Core.Rules;

/// <summary>What a name may be. The answer is what is wrong, null for nothing.</summary>
internal static class Names
{
    public const int HostMax = 253;

    /// <summary>A source whose name ends up in a metric, a path and a journal.</summary>
    public static string? Problem(string name)
    {
        if (name.Length is 0 or > RuleBounds.NameCharacters)
            return $"has a name of {name.Length} characters; 1 to {RuleBounds.NameCharacters} are allowed";
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? null : $"'{name}' is no name: letters, digits, '-', '_' and '.' make one";
    }

    public static string? DomainProblem(string name) =>
        Ascii(name) is { } ascii ? HostProblem(ascii) : $"'{name}' is not a domain";

    public static string? HostProblem(string host)
    {
        var right = host.Length is > 0 and <= HostMax && host.Split('.').All(IsLabel);
        return right ? null
            : $"'{host}' is not a host name: labels of letters, digits and '-' make one, as in mx.example.net";
    }

    /// <summary>RFC 1123 §2.1, and the underscore that stands in some real names.</summary>
    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>As DNS has it: lower case, A-labels (RFC 5890); null when it cannot be.</summary>
    public static string? Ascii(string domain)
    {
        if (System.Text.Ascii.IsValid(domain)) return domain.TrimEnd('.').ToLowerInvariant();
        try { return new IdnMapping().GetAscii(domain).TrimEnd('.').ToLowerInvariant(); }
        catch (ArgumentException) { return null; }
    }
}
