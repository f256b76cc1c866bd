using System.Collections.Immutable;
using AkkaMail.Core.DomainReports;

namespace AkkaMail.Storage.DomainReports;

/// <summary>A day's rows of a domain, by source. The bounds of the store are its bounds too.</summary>
internal sealed class DmarcFold(int day)
{
    private readonly Dictionary<string, Tally> _sources = [];

    public int Day => day;

    public void Add(DmarcSourceRow row)
    {
        if (!_sources.TryGetValue(row.SourceIp, out var tally)) _sources.Add(row.SourceIp, tally = new());
        tally.Add(row);
    }

    public DmarcFigures ToFigures(int sourcesMax)
    {
        var rest = _sources.Remove(FiledReport.Other, out var kept) ? kept : null;
        var sorted = _sources.OrderByDescending(s => s.Value.Mails).ThenBy(s => s.Key, StringComparer.Ordinal).ToList();
        foreach (var (_, tally) in sorted.Skip(sourcesMax)) (rest ??= new()).Add(tally);
        var sources = sorted.Take(sourcesMax).Select(s => s.Value.ToFigures(s.Key));
        // Who vouched for a thousand different sources says nothing of any.
        if (rest is not null)
            sources = sources.Append(rest.ToFigures(FiledReport.Other) with { AuthenticatedAs = [] });
        return new(DateOnly.FromDayNumber(day), [.. sources]);
    }

    private sealed class Tally
    {
        private readonly Dictionary<string, long> _reporters = [];
        private readonly HashSet<string> _names = [];
        private long _passed, _dkim, _spf, _quarantined, _rejected;

        public long Mails { get; private set; }

        public void Add(DmarcSourceRow r)
        {
            Mails += r.Mails;
            (_passed, _dkim, _spf) = (_passed + r.Passed, _dkim + r.DkimAligned, _spf + r.SpfAligned);
            (_quarantined, _rejected) = (_quarantined + r.Quarantined, _rejected + r.Rejected);
            _reporters[r.Reporter] = _reporters.GetValueOrDefault(r.Reporter) + r.Mails;
            if (_names.Count < SourceFigures.NamesMax)
                _names.UnionWith(r.AuthenticatedAs.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        public void Add(Tally other)
        {
            Mails += other.Mails;
            (_passed, _dkim, _spf) = (_passed + other._passed, _dkim + other._dkim, _spf + other._spf);
            (_quarantined, _rejected) = (_quarantined + other._quarantined, _rejected + other._rejected);
            foreach (var (reporter, mails) in other._reporters)
                _reporters[reporter] = _reporters.GetValueOrDefault(reporter) + mails;
        }

        public SourceFigures ToFigures(string source) => new(source,
            [.. _reporters.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal)
                .Take(SourceFigures.NamesMax).Select(r => r.Key)],
            [.. _names.Order(StringComparer.Ordinal).Take(SourceFigures.NamesMax)],
            Mails, _passed, _dkim, _spf, _quarantined, _rejected);
    }
}

/// <summary>A day's rows of a domain, by reporter.</summary>
internal sealed class TlsFold(int day)
{
    private readonly Dictionary<string, Dictionary<TlsTally, long>> _reporters = [];

    public int Day => day;

    public void Add(TlsSessionRow row) =>
        Add(row.Reporter, new(row.PolicyDomain, row.PolicyType, row.MxHost, row.Result, 0), row.Sessions);

    private void Add(string reporter, TlsTally what, long sessions)
    {
        if (!_reporters.TryGetValue(reporter, out var tallies)) _reporters.Add(reporter, tallies = []);
        tallies[what] = tallies.GetValueOrDefault(what) + sessions;
    }

    public TlsFigures ToFigures(int reportersMax)
    {
        var sorted = _reporters.Where(r => r.Key != FiledReport.Other)
            .OrderByDescending(r => r.Value.Values.Sum()).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
        foreach (var (_, tallies) in sorted.Skip(reportersMax))
            foreach (var (what, sessions) in tallies)
                Add(FiledReport.Other, new(what.PolicyDomain, what.PolicyType, "",
                    what.Result == TlsTally.Success ? TlsTally.Success : FiledReport.Other, 0), sessions);
        var reporters = sorted.Take(reportersMax).Select(r => Figures(r.Key, r.Value));
        if (_reporters.TryGetValue(FiledReport.Other, out var rest))
            reporters = reporters.Append(Figures(FiledReport.Other, rest));
        return new(DateOnly.FromDayNumber(day), [.. reporters]);
    }

    private static ReporterFigures Figures(string reporter, Dictionary<TlsTally, long> tallies) => new(reporter,
        tallies.Where(t => t.Key.Result == TlsTally.Success).Sum(t => t.Value),
        tallies.Where(t => t.Key.Result != TlsTally.Success).Sum(t => t.Value),
        [.. tallies.Select(t => t.Key with { Sessions = t.Value }).OrderByDescending(t => t.Sessions)
            .ThenBy(t => t.Result, StringComparer.Ordinal).ThenBy(t => t.MxHost, StringComparer.Ordinal)]);
}
