using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;

namespace AkkaMail.Engine.Metrics;

/// <summary>The engine's figures (OpenTelemetry); the reference page lists each with its meaning.</summary>
public sealed partial class EngineMetrics : IDisposable
{
    public const string MeterName = "AkkaMail";

    /// <summary>Recipients choose domains: beyond this many, a site is counted as <c>other</c>.</summary>
    public const int SitesMax = 200;

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _nodeMessageFaults;
    private readonly Histogram<double> _commitSeconds;
    private readonly Histogram<int> _commitCommands;
    private readonly ConcurrentDictionary<int, long> _unfinished = new();
    private readonly ConcurrentDictionary<int, double> _oldestDue = new();
    private readonly ConcurrentDictionary<string, string> _sites = new();

    public EngineMetrics()
    {
        _accepted = _meter.CreateCounter<long>("akkamail.messages.accepted", "{message}", "Messages answered with 202");
        _attempts = _meter.CreateCounter<long>("akkamail.attempts", "{attempt}",
            "Delivery attempts by outcome and site");
        _nodeMessageFaults = _meter.CreateCounter<long>("akkamail.node_messages.faulty", "{message}",
            "Messages between nodes that could not be sent or received, by kind: they are lost");
        _commitSeconds = _meter.CreateHistogram("akkamail.commit.duration", "s", "Time a group commit took",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
        _commitCommands = _meter.CreateHistogram("akkamail.commit.commands", "{command}", "Commands in a group commit",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500] });
        _meter.CreateObservableGauge("akkamail.messages.unfinished", () => _unfinished.Values.Sum(), "{message}",
            "Messages without a terminal event");
        _meter.CreateObservableGauge("akkamail.messages.oldest_due",
            () => _oldestDue.Values.DefaultIfEmpty(0).Max(), "s",
            "How long the message that waits longest has been due");
        _meter.CreateObservableGauge("akkamail.ledgers.asleep", () => _asleep, "{ledger}",
            "Ledgers that do not answer; told by the node that wakes them");
        _meter.CreateObservableGauge("akkamail.cluster.nodes", () => _nodes, "{node}",
            "Nodes of the cluster by state (up, and unreachable among them), as this node sees them");
        _meter.CreateObservableGauge("akkamail.clock.skew", () => _skew, "s",
            "How far this node's clock is ahead of the database's; negative: behind");
        CreateReaderInstruments();
        _limitChanges = CreateLaneInstruments();
        _meter.CreateObservableGauge("akkamail.alerts.open", () => _alerts, "{alert}",
            "Open alerts by rule and level; told by the node that has them");
    }

    /// <summary>Unfinished messages of this node's ledgers, as last told.</summary>
    public long UnfinishedNow => _unfinished.Values.Sum();

    private volatile Measurement<int>[] _alerts = [], _asleep = [], _nodes = [];
    private volatile Measurement<double>[] _skew = [];

    /// <param name="ahead">Of this node's clock; null: there is no other to compare it with.</param>
    public void Cluster(int up, int unreachable, TimeSpan? ahead)
    {
        _nodes = [new(up, new KeyValuePair<string, object?>("state", "up")),
            new(unreachable, new KeyValuePair<string, object?>("state", "unreachable"))];
        _skew = ahead is { } skew ? [new(skew.TotalSeconds)] : [];
    }

    internal void Alerts(IEnumerable<AlertChanged> open) =>
        _alerts = [.. open.GroupBy(a => (a.Rule, a.To)).Select(g => new Measurement<int>(g.Count(),
            new("rule", g.Key.Rule),
            new("level", g.Key.To.ToWord())))];

    internal void NodeMessageFault(string kind, string way) =>
        _nodeMessageFaults.Add(1, new("kind", kind), new("way", way));

    internal void Unfinished(int partition, int count) => _unfinished[partition] = count;

    internal long UnfinishedOf(int partition) => _unfinished.GetValueOrDefault(partition);

    /// <summary>A ledger that lives here no longer: where it does, it is counted.</summary>
    internal void Gone(int partition)
    {
        _unfinished.TryRemove(partition, out _);
        _oldestDue.TryRemove(partition, out _);
    }

    /// <summary>Ledgers that do not answer, told by the node that wakes them; null: it is another one.</summary>
    internal void Asleep(int? ledgers) => _asleep = ledgers is { } n ? [new(n)] : [];

    internal void OldestDue(int partition, TimeSpan age) => _oldestDue[partition] = age.TotalSeconds;

    internal void Committed(DateTimeOffset now, TimeSpan took, int commands, LedgerDecision decided)
    {
        _commits.Add(now, took);
        _commitSeconds.Record(took.TotalSeconds);
        _commitCommands.Record(commands);
        foreach (var e in decided.Events)
        {
            if (e is SubmissionsAccepted a) _accepted.Add(a.Submissions.Sum(s => s.Recipients.Length));
            if (e is AttemptsConcluded c)
                foreach (var x in c.Conclusions)
                    _attempts.Add(1, new("outcome", x.Status.ToWord()), new("site", SiteLabel(x.Attempt.Site)));
        }
    }

    public void Dispose() => _meter.Dispose();

    private string SiteLabel(string site) =>
        _sites.TryGetValue(site, out var known) ? known
            : _sites.Count < SitesMax ? _sites.GetOrAdd(site, site) : "other";
}
