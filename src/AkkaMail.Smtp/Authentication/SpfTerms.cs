using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// One mechanism (RFC 7208 §5): <paramref name="Domain"/> is not yet expanded, lengths of networks are
/// 32 and 128 where not given.
/// </summary>
internal sealed record SpfMechanism(SpfResult Result, string Name, string? Domain, int Cidr4, int Cidr6)
{
    /// <summary>Of ip4 and ip6; null of all others.</summary>
    public AddressRange? Network { get; init; }

    /// <summary>It says the same, whatever its letters and its name's last dot.</summary>
    public bool IsSame(SpfMechanism other) =>
        (Name, Cidr4, Cidr6, Network) == (other.Name, other.Cidr4, other.Cidr6, other.Network)
        && (Network is not null || string.Equals(
            Domain?.TrimEnd('.'), other.Domain?.TrimEnd('.'), StringComparison.OrdinalIgnoreCase));
}

/// <summary>An SPF record, read whole before anything of it is asked (RFC 7208 §4.6).</summary>
internal sealed partial record SpfTerms(ImmutableArray<SpfMechanism> Mechanisms, string? Redirect)
{
    /// <summary>Null: a syntax error, which makes the whole record one.</summary>
    public static SpfTerms? Parse(string record)
    {
        // §4.6.1: a record is US-ASCII, and has no blanks but spaces.
        if (record.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0) return null;
        var mechanisms = ImmutableArray.CreateBuilder<SpfMechanism>();
        string? redirect = null, explanation = null;
        foreach (var term in record.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (Modifier().Match(term) is { Success: true } modifier)
            {
                var (name, value) = (modifier.Groups[1].Value.ToLowerInvariant(), modifier.Groups[2].Value);
                if (name == "redirect") { if (redirect is not null || !IsDomain(value)) return null; redirect = value; }
                else if (name == "exp")
                {
                    if (explanation is not null || !IsDomain(value)) return null;
                    explanation = value;
                }
                else if (!SpfMacros.IsValid(value)) return null;   // §6: unknown, and still a macro-string.
            }
            else if (ReadMechanism(term) is { } mechanism) mechanisms.Add(mechanism);
            else return null;
        }
        return new(mechanisms.ToImmutable(), redirect);
    }

    private static SpfMechanism? ReadMechanism(string term)
    {
        if (Mechanism().Match(term) is not { Success: true } match) return null;
        var result = match.Groups[1].Value switch
        {
            "-" => SpfResult.Fail,
            "~" => SpfResult.SoftFail,
            "?" => SpfResult.Neutral,
            _ => SpfResult.Pass,
        };
        var name = match.Groups[2].Value.ToLowerInvariant();
        var (domain, hasDomain) = (match.Groups[3].Value, match.Groups[3].Success);
        if (name is "ip4" or "ip6")
            return Network(result, name, term[(term.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        if (!Length(match.Groups[4], 32, out var four) || !Length(match.Groups[5], 128, out var six)) return null;
        var hasLength = match.Groups[4].Success || match.Groups[5].Success;
        return name switch
        {
            "all" => !hasDomain && !hasLength ? new(result, name, null, 32, 128) : null,
            "include" or "exists" =>
                hasDomain && !hasLength && IsDomain(domain) ? new(result, name, domain, 32, 128) : null,
            "ptr" => !hasLength && (!hasDomain || IsDomain(domain))
                ? new(result, name, hasDomain ? domain : null, 32, 128) : null,
            "a" or "mx" =>
                !hasDomain || IsDomain(domain) ? new(result, name, hasDomain ? domain : null, four, six) : null,
            _ => null,
        };
    }

    /// <summary>RFC 7208 §5.6: an address, and a length for its own family.</summary>
    private static SpfMechanism? Network(SpfResult result, string name, string text)
    {
        var (slash, max) = (text.IndexOf('/', StringComparison.Ordinal), name == "ip4" ? 32 : 128);
        var length = max;
        if (slash >= 0 && !IsLength(text.AsSpan(slash + 1), max, out length)) return null;
        var address = slash < 0 ? text : text[..slash];
        var isFour = address.Count(c => c == '.') == 3 && !address.Contains(':', StringComparison.Ordinal);
        if (!IPAddress.TryParse(address, out var parsed) || isFour != (name == "ip4")) return null;
        return new(result, name, address, name == "ip4" ? length : 32, name == "ip6" ? length : 128)
        {
            Network = AddressRange.Of(parsed, length),
        };
    }

    private static bool Length(Group group, int max, out int length)
    {
        length = max;
        return !group.Success || IsLength(group.ValueSpan, max, out length);
    }

    /// <summary>§5.6: no zero before other digits.</summary>
    private static bool IsLength(ReadOnlySpan<char> digits, int max, out int length) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= max
        && (digits.Length == 1 || digits[0] != '0');

    /// <summary>§7.1: it ends in a label that is not all digits, behind another, or in a macro.</summary>
    private static bool IsDomain(string spec) =>
        SpfMacros.IsValid(spec) && (SpfMacros.IsAtEnd(spec) || Domain().IsMatch(spec));

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9\-_.]*)=(.*)\z")]
    private static partial Regex Modifier();

    [GeneratedRegex(@"^([+\-~?]?)([A-Za-z][A-Za-z0-9]*)(?::(.*?))?(?:/([0-9]+))?(?://([0-9]+))?$")]
    private static partial Regex Mechanism();

    [GeneratedRegex(@"\.(?:[0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[A-Za-z0-9\-]*[A-Za-z0-9])\.?$")]
    private static partial Regex Domain();
}
