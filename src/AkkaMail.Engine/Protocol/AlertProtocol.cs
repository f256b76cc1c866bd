using System.Collections.Immutable;
using Akka.Persistence;
using AkkaMail.Core.Alerts;

namespace AkkaMail.Engine.Protocol;

/// <summary>Figures as they are now; no answer.</summary>
public sealed record ReadFigures(ImmutableArray<AlertReading> Readings);

/// <summary>Which alerts are open? Answered with <see cref="OpenAlerts"/>.</summary>
public sealed record ListAlerts
{
    public static ListAlerts Instance { get; } = new();
}

/// <summary><paramref name="Newest"/> is the number of the last event in the journal.</summary>
public sealed record OpenAlerts(ImmutableArray<AlertChanged> Alerts, long Newest);

/// <summary>What is open, for a snapshot.</summary>
public sealed record AlertsSnapshot(ImmutableArray<AlertChanged> Open);
