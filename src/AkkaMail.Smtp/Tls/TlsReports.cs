using System.Diagnostics.Metrics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tls;

namespace AkkaMail.Smtp.Tls;

/// <summary>
/// Counts how the encryption of sessions went, for the reports of RFC 8460: a session is a connection opened, counted
/// for the domain of the mail that opened it. In memory: a restart begins the day anew.
/// </summary>
public sealed class TlsReports : IDisposable
{
    public const string MeterName = "AkkaMail";

    /// <summary>Domains of a day; recipients choose them.</summary>
    public const int DomainsMax = 10_000;

    /// <summary>Kinds of failure of one domain, by host; one more is counted without its host.</summary>
    public const int FailuresMax = 50;

    /// <summary>A report is sent on the day after; one more for it to be late.</summary>
    private const int DaysKept = 2;

    private readonly TimeProvider _time;
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _sessions;
    private readonly Dictionary<DateOnly, Day> _days = [];

    private sealed class Day
    {
        public readonly Dictionary<(string Domain, bool IsSts), Entry> Entries = [];
        public long Dropped;
    }

    private sealed class Entry
    {
        public StsPolicy? Policy;
        public long Successful;
        public readonly Dictionary<(TlsResult Result, string? MxHost), long> Failures = [];
    }

    public TlsReports(TimeProvider time)
    {
        _time = time;
        _sessions = _meter.CreateCounter<long>("akkamail.tls.sessions", "{session}",
            "Connections to MX hosts by how their encryption went, and MTA-STS policies that could not be had");
    }

    public void Count(string domain, StsPolicy? policy, TlsResult result, string? mxHost)
    {
        _sessions.Add(1, new KeyValuePair<string, object?>("result", result.ToWord()));
        var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        var key = (domain.ToLowerInvariant(), policy is not null);
        lock (_days)
        {
            if (!_days.TryGetValue(today, out var day))
            {
                foreach (var old in _days.Keys)
                    if (old < today.AddDays(-DaysKept)) _days.Remove(old);
                _days[today] = day = new();
            }
            if (!day.Entries.TryGetValue(key, out var entry))
            {
                if (day.Entries.Count >= DomainsMax) { day.Dropped++; return; }
                day.Entries[key] = entry = new();
            }
            if (policy is not null) entry.Policy = policy;
            if (result == TlsResult.Successful) { entry.Successful++; return; }
            var failure = (result, mxHost?.ToLowerInvariant());
            if (entry.Failures.Count >= FailuresMax && !entry.Failures.ContainsKey(failure)) failure = (result, null);
            entry.Failures[failure] = entry.Failures.GetValueOrDefault(failure) + 1;
        }
    }

    /// <summary>What this node knows of a UTC day, in the order of <see cref="TlsPlace.InOrder"/>.</summary>
    public TlsDay Snapshot(DateOnly day)
    {
        lock (_days)
        {
            if (!_days.TryGetValue(day, out var found)) return new(day, [], 0);
            var domains = found.Entries.Select(e => new TlsDomain(
                e.Key.Domain, e.Value.Policy, e.Value.Successful,
                [.. e.Value.Failures.Select(f => new TlsFailure(f.Key.Result, f.Key.MxHost, f.Value))]));
            return new(day, [.. domains.OrderBy(d => d.Place, TlsPlace.InOrder)], found.Dropped);
        }
    }

    public void Dispose() => _meter.Dispose();
}
