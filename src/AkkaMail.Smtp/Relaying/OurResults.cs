using AkkaMail.Smtp.Mime;

namespace AkkaMail.Smtp.Relaying;

/// <summary>
/// Authentication-Results that say they are ours (RFC 8601 §5): nobody outside can have them from us, and whoever
/// trusts our name behind us would believe them.
/// </summary>
internal static class OurResults
{
    public static bool Claims(HeaderSpan field, IReadOnlyCollection<string> names) =>
        field.Name.Equals("Authentication-Results", StringComparison.OrdinalIgnoreCase)
        && names.Any(name => IsAtOrBelow(ServerOf(field.Value), name));

    /// <summary>§2.2: the authserv-id stands first, with comments about it.</summary>
    private static string ServerOf(string value)
    {
        var depth = 0;
        var start = 0;
        for (; start < value.Length; start++)
        {
            if (value[start] == '(') depth++;
            else if (value[start] == ')' && depth > 0) depth--;
            else if (depth == 0 && value[start] != ' ') break;
        }
        var end = value.AsSpan(start).IndexOfAny(";( ");
        return (end < 0 ? value[start..] : value[start..(start + end)]).Trim('"').TrimEnd('.');
    }

    private static bool IsAtOrBelow(string server, string name) =>
        server.Equals(name, StringComparison.OrdinalIgnoreCase)
        || server.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
}
