using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// Asks the same check_host that judges incoming mail whether our sources pass a domain's SPF record, so that it is
/// right however it is written: for every address of a term, and for none twice.
/// </summary>
public sealed class SpfSources(ResolverOptions options)
{
    private readonly DnsQueries _dns = new(options);

    /// <summary>As <see cref="AskSources"/>.</summary>
    public async Task<ImmutableArray<SourceVerdict>> AskAsync(string host, ImmutableArray<string> terms)
    {
        var dns = new SpfLookups(_dns);
        var theirs = new SpfAreas(dns, host);
        var verdicts = ImmutableArray.CreateBuilder<SourceVerdict>();
        foreach (var term in terms)
            if (SpfTerms.Parse($"v=spf1 {term}") is { Mechanisms: [{ Result: SpfResult.Pass }] } ours)
                verdicts.AddRange(await AskAsync(dns, host, theirs, term, ours));
        return verdicts.ToImmutable();
    }

    /// <summary>
    /// What of a term is no addresses, or is not known now, has to be in the record by its words: then receivers see
    /// the same as we, whatever that is.
    /// </summary>
    private static async Task<List<SourceVerdict>> AskAsync(
        SpfLookups dns, string host, SpfAreas theirs, string term, SpfTerms ours)
    {
        var tree = await SpfTree.OfAsync(dns, host, ours);
        var ranges = await tree.RangesAsync();
        var walk = new Walk(term, theirs, ours.Mechanisms[0].Name == "include" ? new(dns, host, ours) : null);
        foreach (var range in ranges)
            if (!await walk.PassAsync(range)) break;
        if (tree.IsWhole && tree.Fault is null && walk is { IsWhole: true, Verdicts.Count: > 0 }) return walk.Verdicts;
        walk.Verdicts.Add(await ByWordsAsync(dns, host, term, ours.Mechanisms[0], tree.Fault));
        return walk.Verdicts;
    }

    /// <param name="fault">Why its addresses are not known; null: it has none.</param>
    private static async Task<SourceVerdict> ByWordsAsync(
        SpfLookups dns, string host, string term, SpfMechanism ours, string? fault)
    {
        var record = await dns.Record(host);
        if (record.Terms is null) return new(term, term, OutcomeOf(record.Result), record.Reason);
        var published = await SpfTree.OfAsync(dns, host, record.Terms);
        return published.Has(ours) ? new(term, term, SourceOutcome.Passes, "it is in the record")
            : (fault ?? published.Fault) is { } unknown ? new(term, term, SourceOutcome.Unknown, unknown)
            : new(term, term, SourceOutcome.Refused, "it is not in the record");
    }

    private static SourceOutcome OutcomeOf(SpfResult result) => result switch
    {
        SpfResult.Pass => SourceOutcome.Passes,
        SpfResult.TempError => SourceOutcome.Unknown,
        SpfResult.PermError => SourceOutcome.Error,
        _ => SourceOutcome.Refused,
    };

    /// <summary>Goes through the addresses of one term, from one difference in their verdicts to the next.</summary>
    /// <param name="own">What the term itself lets pass, where it can refuse some; null: all of it.</param>
    private sealed class Walk(string term, SpfAreas theirs, SpfAreas? own)
    {
        public List<SourceVerdict> Verdicts { get; } = [];

        /// <summary>False: the term cannot be evaluated by itself.</summary>
        public bool IsWhole { get; private set; } = true;

        /// <summary>False: enough was asked.</summary>
        public async Task<bool> PassAsync(AddressRange range)
        {
            UInt128? next = range.First;
            while (next is { } at)
            {
                var ours = own is null ? new(SpfResult.Pass, "", range, false) : await own.AskAsync(range.Family, at);
                if (ours is null) return Enough();
                var same = ours;
                if (ours.Result == SpfResult.Pass)
                {
                    if (await theirs.AskAsync(range.Family, at) is not { } verdict) return Enough();
                    Verdicts.Add(new(term, $"{range.At(at)}", OutcomeOf(verdict.Result), verdict.Reason));
                    same = new(verdict.Result, "", ours.Holds.And(verdict.Holds),
                        ours.IsOfAddress || verdict.IsOfAddress);
                }
                else if (ours.Result is SpfResult.PermError or SpfResult.TempError) IsWhole = false;
                next = Next(range, at, same);
            }
            return true;
        }

        /// <summary>
        /// Where each address would have to be asked about, the first, the middle and the last speak for the others.
        /// </summary>
        private static UInt128? Next(AddressRange range, UInt128 at, SpfJudged same)
        {
            if (same.Holds.Last >= range.Last) return null;
            if (!same.IsOfAddress) return same.Holds.Last + 1;
            var middle = range.First + (range.Last - range.First) / 2 + 1;
            return at < middle ? middle : range.Last;
        }

        private bool Enough()
        {
            Verdicts.Add(new(term, term, SourceOutcome.Unasked, "enough of its addresses were asked about"));
            return false;
        }
    }
}
