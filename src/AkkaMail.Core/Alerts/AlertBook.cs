using System.Collections.Immutable;
using AkkaMail.Core.Lanes;

namespace AkkaMail.Core.Alerts;

/// <summary>The alerts that are open, and what a new figure changes about them.</summary>
public sealed class AlertBook
{
    /// <summary>Open at once; what comes beyond it is not recorded.</summary>
    public const int OpenMax = 10_000;

    /// <summary>
    /// From which share of complaints on receivers notice, and from which they punish (Gmail, Yahoo).
    /// </summary>
    public const double ComplaintsWarning = 0.001, ComplaintsCritical = 0.003;

    /// <summary>Seconds: from where on mail goes at noticeably other times, and from where on a node takes none.</summary>
    public const double ClockWarning = 0.5, ClockCritical = 2;

    /// <summary>Seconds: longer than any move and recovery, and when somebody should get up.</summary>
    public const double SilenceWarning = 30, SilenceCritical = 120;

    /// <summary>It is over only this far below the bound: 0.08 % for 0.1 %.</summary>
    private const double Over = 0.8;

    /// <summary>Under this many messages one complaint more would be a level of its own.</summary>
    public const double MessagesForComplaints = 1_000;

    private readonly Dictionary<(string Rule, AlertSubject Subject), AlertChanged> _open = [];

    /// <summary>The last change of each that is open, longest open last.</summary>
    public ImmutableArray<AlertChanged> Open =>
        [.. _open.Values.OrderByDescending(a => a.At).ThenBy(a => a.Subject.Name, StringComparer.Ordinal)];

    public IEnumerable<AlertSubject> OpenOf(AlertKind kind) =>
        _open.Keys.Select(k => k.Subject).Where(s => s.Kind == kind).Distinct();

    /// <summary>Null when the figure changes nothing.</summary>
    public AlertChanged? Decide(AlertReading reading, DateTimeOffset now)
    {
        var before = _open.GetValueOrDefault((reading.Rule, reading.Subject))?.To ?? AlertLevel.None;
        var level = LevelOf(reading, before);
        if (level == before || before == AlertLevel.None && _open.Count >= OpenMax) return null;
        return new(now, reading.Rule, reading.Subject, before, level, reading.Value,
            BoundOf(reading.Rule, level == AlertLevel.None ? AlertLevel.Warning : level), reading.Messages,
            reading.Detail);
    }

    public void Apply(AlertChanged change)
    {
        if (change.To == AlertLevel.None) _open.Remove((change.Rule, change.Subject));
        else _open[(change.Rule, change.Subject)] = change;
    }

    private static AlertLevel LevelOf(AlertReading reading, AlertLevel before)
    {
        if (reading.Rule == AlertRule.Reputation)
            return (AlertLevel)Standings.After((Standing)before, reading.Value);   // Good, fair, poor: none, warning, critical.
        if (reading.Rule == AlertRule.Complaints)
        {
            if (reading.Messages < 1) return AlertLevel.None;   // Who sends nothing has nothing to mend.
            if (reading.Messages < MessagesForComplaints) return before;
        }
        bool IsAt(AlertLevel level) =>
            reading.Value >= BoundOf(reading.Rule, level) * (before >= level ? Over : 1);
        return IsAt(AlertLevel.Critical) ? AlertLevel.Critical : IsAt(AlertLevel.Warning) ? AlertLevel.Warning : AlertLevel.None;
    }

    private static double BoundOf(string rule, AlertLevel level) => (rule, level) switch
    {
        (AlertRule.Reputation, AlertLevel.Critical) => Standings.PoorBelow,
        (AlertRule.Reputation, _) => Standings.FairBelow,
        (AlertRule.Clock, AlertLevel.Critical) => ClockCritical,
        (AlertRule.Clock, _) => ClockWarning,
        (AlertRule.Silence, AlertLevel.Critical) => SilenceCritical,
        (AlertRule.Silence, _) => SilenceWarning,
        (_, AlertLevel.Critical) => ComplaintsCritical,
        _ => ComplaintsWarning,
    };
}
