using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tls;

/// <summary>RFC 8461 §5: what a sender does when a host is not as the policy says; none: nothing.</summary>
public enum StsMode : byte
{
    [Word("none")] None,
    [Word("testing")] Testing,
    [Word("enforce")] Enforce,
}

/// <summary>
/// A domain's MTA-STS policy (RFC 8461 §3.2). <paramref name="Mx"/> are host names, or <c>*.</c> before one for a
/// single label; <paramref name="MaxAge"/> is a year at most.
/// </summary>
public sealed record StsPolicy(StsMode Mode, ImmutableArray<string> Mx, TimeSpan MaxAge)
{
    /// <summary>More could only be meant to cost us memory.</summary>
    public const int MxMax = 100;

    /// <summary>RFC 8461 §3.2: 31557600 s.</summary>
    private const long MaxAgeSecondsMax = 31_557_600;

    /// <summary>The <c>id</c> of the TXT record it was fetched for.</summary>
    public string Id { get; init; } = "";

    /// <summary>RFC 8461 §4.1; <paramref name="host"/> in A-labels, without a dot at its end.</summary>
    public bool Allows(string host)
    {
        foreach (var pattern in Mx)
        {
            if (pattern.Equals(host, StringComparison.OrdinalIgnoreCase)) return true;
            if (pattern[0] == '*' && host.IndexOf('.') is > 0 and var dot
                && pattern.AsSpan(1).Equals(host.AsSpan(dot), StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    /// <summary>Reads a policy file; <paramref name="problem"/> says in words what is wrong.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out StsPolicy? policy, [NotNullWhen(false)] out string? problem)
    {
        policy = null;
        var hosts = ImmutableArray.CreateBuilder<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            var (key, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
            if (key == "mx") hosts.Add(value.TrimEnd('.'));
            else values.TryAdd(key, value);   // RFC 8461 §3.2: the first of each counts; unknown ones are not ours.
        }
        var mode = Words.Parse<StsMode>(values.GetValueOrDefault("mode", ""));
        var age = values.GetValueOrDefault("max_age", "");
        problem = values.GetValueOrDefault("version") != "STSv1" ? "it has no version STSv1"
            : mode is null ? "its mode is not enforce, testing or none"
            : age.Length == 0 || !age.All(char.IsAsciiDigit) ? "its max_age is no number of seconds"
            : hosts.Count == 0 && mode != StsMode.None ? "it names no mx"
            : hosts.Count > MxMax ? $"it names more than {MxMax} mx"
            : hosts.FirstOrDefault(host => !IsPattern(host)) is { } odd ? $"its mx '{odd}' is no host"
            : null;
        if (problem is not null) return false;
        // What no number of ours holds is more than the bound, too.
        var seconds = long.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var said)
            ? Math.Min(said, MaxAgeSecondsMax) : MaxAgeSecondsMax;
        policy = new(mode!.Value, hosts.ToImmutable(), TimeSpan.FromSeconds(seconds));
        return true;
    }

    private static bool IsPattern(string text)
    {
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return name.Length is > 0 and <= 253 && name[0] != '.'
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
    }

    /// <summary>RFC 8461 §3.1: the id of the one record that begins so; null: the domain has no policy.</summary>
    public static string? ReadId(IReadOnlyList<string> records)
    {
        // Its ABNF has blanks before a semicolon, too.
        var ours = records.Select(r => r.Split(';', StringSplitOptions.TrimEntries))
            .Where(r => r is ["v=STSv1", _, ..]).ToList();
        if (ours.Count != 1) return null;
        var field = ours[0].FirstOrDefault(f => f.StartsWith("id=", StringComparison.Ordinal));
        return field is { Length: > 3 and <= 35 } && field.AsSpan(3).IndexOfAnyExcept(IdCharacters) < 0
            ? field[3..] : null;
    }

    private static readonly System.Buffers.SearchValues<char> IdCharacters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}
