using System.Globalization;
using System.Text.RegularExpressions;

namespace AkkaMail.Core.Replies;

/// <summary>The wait a receiver asks for in its words, e.g. <c>Greylisted, try again in 300 seconds</c>.</summary>
public static partial class RetryHint
{
    public static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Max = TimeSpan.FromHours(24);

    /// <summary>Between <see cref="Min"/> and <see cref="Max"/>; null when it asks for none.</summary>
    public static TimeSpan? Of(string text)
    {
        var match = Asked().Match(text);
        if (!match.Success) return null;
        var number = match.Groups["number"].Value is { Length: > 0 } digits
            ? long.Parse(digits, CultureInfo.InvariantCulture) : 1;
        var unit = match.Groups["unit"].Value[0] switch
        {
            's' or 'S' => TimeSpan.FromSeconds(1),
            'm' or 'M' => TimeSpan.FromMinutes(1),
            _ => TimeSpan.FromHours(1),
        };
        var wait = unit * number;
        return wait < Min ? Min : wait > Max ? Max : wait;
    }

    // A number with a unit soon after a word of waiting: "sent in 30 seconds" or "Server 5 s" ask for nothing.
    [GeneratedRegex(
        @"\b(again|retry|retried|retrying|wait|come back|postponed|delayed|deferred|reconnect|greylisted|graylisted)\b"
            + @"[^0-9.;]{0,40}?\b((?<number>[0-9]{1,6}) ?|an? |one )"
            + @"(?<unit>seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Asked();
}
