using System.Collections.Immutable;

namespace AkkaMail.Core.Replies;

/// <summary>
/// When a reply is so, this is its reason. Every condition that is given must hold, and of each list one entry.
/// </summary>
public sealed record ReplyRule
{
    /// <summary>Names the rule in answers and journals.</summary>
    public required string Id { get; init; }

    public BounceReason Reason { get; init; }

    public ImmutableArray<CodeRange> Codes { get; init; } = [];
    public ImmutableArray<StatusRange> Statuses { get; init; } = [];
    public ImmutableArray<Phrase> Match { get; init; } = [];

    /// <summary>None of them may be there.</summary>
    public ImmutableArray<Phrase> Unless { get; init; } = [];

    /// <summary>Ends of host names: <c>google.com</c> is also <c>mx.google.com</c>.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    public ImmutableArray<SmtpStep> Steps { get; init; } = [];

    /// <summary>Only of what a mail reports, not of a reply that was said to us.</summary>
    public bool OnlyReported { get; init; }
}

/// <summary>Reply codes from one to another, e.g. all of <c>4xx</c>.</summary>
public readonly record struct CodeRange(int From, int To)
{
    public bool Has(int code) => code >= From && code <= To;

    /// <summary><c>550</c>, <c>55x</c> or <c>5xx</c>; null when it is none.</summary>
    public static CodeRange? Read(string text)
    {
        if (text.Length != 3 || text[0] is not ('2' or '4' or '5')) return null;
        var digits = text.TrimEnd('x');
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit)) return null;
        return new(int.Parse(digits.PadRight(3, '0'), null), int.Parse(digits.PadRight(3, '9'), null));
    }
}

/// <summary>
/// Enhanced codes (RFC 3463); a class or subject of 0 stands for any, details go from one to another.
/// </summary>
public readonly record struct StatusRange(int Class, int Subject, int From, int To)
{
    public bool Has(EnhancedCode code) =>
        (Class == 0 || Class == code.Class) && (Subject < 0 || Subject == code.Subject)
        && code.Detail >= From && code.Detail <= To;

    /// <summary><c>5.1.1</c>, <c>x.2.2</c>, <c>5.7.606-649</c> or <c>x.7.x</c>; null when it is none.</summary>
    public static StatusRange? Read(string text)
    {
        if (text.Split('.') is not [var @class, var subject, var detail]) return null;
        if (@class is not ("x" or "2" or "4" or "5") || subject != "x" && Number(subject) is null) return null;
        var ends = detail == "x" ? ["0", "999"] : detail.Split('-');
        if (ends.Length > 2 || Number(ends[0]) is not { } from || Number(ends[^1]) is not { } to || to < from)
            return null;
        return new(@class == "x" ? 0 : @class[0] - '0', subject == "x" ? -1 : Number(subject)!.Value, from, to);
    }

    private static int? Number(string text) =>
        text.Length is >= 1 and <= 3 && text.All(char.IsAsciiDigit) ? int.Parse(text, null) : null;
}
