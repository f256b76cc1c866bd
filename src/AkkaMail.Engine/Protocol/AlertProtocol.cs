using System.Collections.Immutable;
using Akka.Persistence;
using AkkaMail.Core.Alerts;

namespace AkkaMail.Engine.Protocol;

/// <summary>Figures as they are now, <see cref="ReadingsMax"/> at most; no answer.</summary>
public sealed record ReadFigures(ImmutableArray<AlertReading> Readings)
{
    public const int ReadingsMax = 100;
}

/// <summary>
/// Which alerts are open, leaving out the first <paramref name="Skip"/>? Answered with <see cref="OpenAlerts"/>.
/// </summary>
public sealed record ListAlerts(int Skip = 0)
{
    public static ListAlerts Instance { get; } = new();
}

/// <summary>
/// The newest first, <see cref="PageMax"/> at most; <paramref name="Newest"/> is the number of the last event in the
/// journal: where it is another than before, so is the list.
/// </summary>
public sealed record OpenAlerts(ImmutableArray<AlertChanged> Alerts, long Newest, bool HasMore = false)
{
    public const int PageMax = 500;
}

/// <summary>What is open, for a snapshot.</summary>
public sealed record AlertsSnapshot(ImmutableArray<AlertChanged> Open);
