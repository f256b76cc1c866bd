using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Lanes;

/// <summary>A governor's state as plain values, for a snapshot.</summary>
public sealed record GovernorSnapshot
{
    public required Pace Pace { get; init; }
    public required int? Connections { get; init; }
    public required DateTimeOffset ConnectionsAt { get; init; }
    public required Cause? ConnectionsCause { get; init; }
    public required int? ConnectionsRefused { get; init; }
    public required int ConnectionMisses { get; init; }
    public required WarmUp? WarmUp { get; init; }
    public required string? WarmedUpBy { get; init; }
    public required ImmutableArray<Hold> Holds { get; init; }
    public required int LastHold { get; init; }
    public required int Trips { get; init; }
    public required DateTimeOffset TrippedUntil { get; init; }
    public required long ComplaintsToday { get; init; }
    public required ReputationState Reputation { get; init; }
    public required Standing Standing { get; init; }
}

public sealed partial class Governor
{
    /// <summary>The counts of the running minute are not in it: end the minute first, or they are lost.</summary>
    public GovernorSnapshot ToSnapshot() => new()
    {
        Pace = Pace,
        Connections = Connections,
        ConnectionsAt = _connectionsAt,
        ConnectionsCause = _connectionsCause,
        ConnectionsRefused = _connectionsRefused,
        ConnectionMisses = _connectionMisses,
        WarmUp = WarmUp,
        WarmedUpBy = WarmedUpBy,
        Holds = [.. _holds],
        LastHold = _lastHold,
        Trips = _trips,
        TrippedUntil = _trippedUntil,
        ComplaintsToday = _complaintsToday,
        Reputation = _reputation.ToState(),
        Standing = Standing,
    };

    public static Governor From(LimitKey limit, GovernorSnapshot s)
    {
        var governor = new Governor(limit)
        {
            Pace = s.Pace,
            Connections = s.Connections,
            WarmUp = s.WarmUp,
            WarmedUpBy = s.WarmedUpBy,
            Standing = s.Standing,
            _connectionsAt = s.ConnectionsAt,
            _connectionsCause = s.ConnectionsCause,
            _connectionsRefused = s.ConnectionsRefused,
            _connectionMisses = s.ConnectionMisses,
            _lastHold = s.LastHold,
            _trips = s.Trips,
            _trippedUntil = s.TrippedUntil,
            _complaintsToday = s.ComplaintsToday,
            _reputation = Lanes.Reputation.From(s.Reputation),
        };
        governor._holds.AddRange(s.Holds);
        return governor;
    }
}
