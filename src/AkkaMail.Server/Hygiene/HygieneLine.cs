using AkkaMail.Core.Hygiene;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Hygiene;

/// <summary>An address of the list, and what is against it.</summary>
public sealed record HygieneLine
{
    /// <summary>Its line in the list, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>The address as it was written.</summary>
    public required string Address { get; init; }

    /// <summary>What to make of it.</summary>
    [WordsOf<HygieneResult>]
    public required string Result { get; init; }

    /// <summary>Whether it is an address.</summary>
    public required bool Syntax { get; init; }

    /// <summary>Whether its domain takes mail.</summary>
    [WordsOf<MxKind>]
    public required string Mx { get; init; }

    /// <summary>Whether it is a role, as <c>info@</c>.</summary>
    public required bool Role { get; init; }

    /// <summary>Whether its domain gives addresses away for an hour.</summary>
    public required bool Disposable { get; init; }

    /// <summary>Whether nothing is sent to it in the stream.</summary>
    public required bool Suppressed { get; init; }

    /// <summary>Whether it stood in the list before.</summary>
    public required bool Duplicate { get; init; }

    /// <summary>The domain that was probably meant. Absent: none.</summary>
    public required string? DidYouMean { get; init; }

    /// <summary>What <c>result</c> rests on. Empty: nothing is against it.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Why it is no address. Absent: it is one.</summary>
    public required string? Problem { get; init; }

    internal static HygieneLine Of(long line, string address, AddressFindings found) => new()
    {
        Line = line,
        Address = address,
        Result = found.Result.ToWord(),
        Syntax = found.Problem is null,
        Mx = found.Domain.Mx.ToWord(),
        Role = found.IsRole,
        Disposable = found.Domain.IsDisposable,
        Suppressed = found.Suppressed is not null,
        Duplicate = found.IsDuplicate,
        DidYouMean = found.Domain.DidYouMean,
        Reasons = found.Reasons,
        Problem = found.Problem,
    };
}

/// <summary>The check ends here, before the end of the list.</summary>
/// <param name="Line">Nothing of this line of the list or behind it was looked at.</param>
/// <param name="Error">Why.</param>
public sealed record HygieneFault(long Line, string Error);

/// <summary>The last line of an answer; without it the answer has been cut off.</summary>
/// <param name="Summary">The numbers.</param>
public sealed record HygieneEnd(HygieneSummary Summary);

/// <summary>What the check has found, in numbers.</summary>
/// <param name="Addresses">Addresses that were looked at.</param>
/// <param name="Ok">Those with the result <c>ok</c>.</param>
/// <param name="Risky">Those with the result <c>risky</c>.</param>
/// <param name="Bad">Those with the result <c>bad</c>.</param>
/// <param name="Reasons">How often each reason stood at an address.</param>
/// <param name="Complete"><c>false</c>: the check ended before the end of the list, as the line before says.</param>
public sealed record HygieneSummary(
    long Addresses, long Ok, long Risky, long Bad, IReadOnlyDictionary<string, long> Reasons, bool Complete);

/// <summary>Counts what was answered.</summary>
internal sealed class HygieneTally
{
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _results = [];

    public void Count(HygieneLine line)
    {
        _results[line.Result] = _results.GetValueOrDefault(line.Result) + 1;
        foreach (var reason in line.Reasons) _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
    }

    public HygieneEnd ToEnd(bool complete) => new(new(
        _results.Values.Sum(), Of(HygieneResult.Ok), Of(HygieneResult.Risky), Of(HygieneResult.Bad), _reasons,
        complete));

    private long Of(HygieneResult result) => _results.GetValueOrDefault(result.ToWord());
}
