using AkkaMail.Core.Hygiene;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Hygiene;

/// <summary>
/// An address of the list. <see cref="Problem"/> says why it is none; <see cref="DidYouMean"/> is the domain that was
/// probably meant. Both are absent when there is nothing to say.
/// </summary>
public sealed record HygieneLine
{
    public required long Line { get; init; }
    public required string Address { get; init; }
    public required string Result { get; init; }
    public required bool Syntax { get; init; }
    public required string Mx { get; init; }
    public required bool Role { get; init; }
    public required bool Disposable { get; init; }
    public required bool Suppressed { get; init; }
    public required bool Duplicate { get; init; }
    public required string? DidYouMean { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }
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

/// <summary>The check ends here: nothing of <paramref name="Line"/> or behind it was looked at.</summary>
public sealed record HygieneFault(long Line, string Error);

/// <summary>The last line of an answer; without it the answer has been cut off.</summary>
public sealed record HygieneEnd(HygieneSummary Summary);

/// <summary>
/// <paramref name="Complete"/> is false behind a <see cref="HygieneFault"/>. <paramref name="Reasons"/> counts each.
/// </summary>
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
