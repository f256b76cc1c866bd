using AkkaMail.Core.Hygiene;

namespace AkkaMail.Server.Hygiene;

/// <summary>
/// An address of the list. <paramref name="Problem"/> says why it is none; <paramref name="DidYouMean"/> is the domain
/// that was probably meant. Both are absent when there is nothing to say.
/// </summary>
public sealed record HygieneLine(
    long Line, string Address, string Result, bool Syntax, string Mx, bool Role, bool Disposable, bool Suppressed,
    bool Duplicate, string? DidYouMean, IReadOnlyList<string> Reasons, string? Problem)
{
    internal static HygieneLine Of(long line, string address, AddressFindings found) => new(
        line, address, found.Result.ToString().ToLowerInvariant(), found.Problem is null, found.Domain.Mx.ToWord(),
        found.IsRole, found.Domain.IsDisposable, found.Suppressed is not null, found.IsDuplicate,
        found.Domain.DidYouMean, found.Reasons, found.Problem);
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
        _results.Values.Sum(), _results.GetValueOrDefault("ok"), _results.GetValueOrDefault("risky"),
        _results.GetValueOrDefault("bad"), _reasons, complete));
}
