using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Lanes;

/// <summary>A governor's state as plain values, for a snapshot.</summary>
public sealed record GovernorSnapshot(
    Pace Pace, int? Connections, DateTimeOffset ConnectionsAt, Cause? ConnectionsCause, WarmUp? WarmUp, string? WarmedUpBy,
    ImmutableArray<Hold> Holds, int LastHold, int Trips, DateTimeOffset TrippedUntil, long ComplaintsToday,
    ReputationState Reputation, Standing Standing = Standing.Good);

public sealed partial class Governor
{
    /// <summary>The counts of the running minute are not in it: end the minute first, or they are lost.</summary>
    public GovernorSnapshot ToSnapshot() => new(
        Pace, Connections, _connectionsAt, _connectionsCause, WarmUp, WarmedUpBy, [.. _holds], _lastHold, _trips, _trippedUntil,
        _complaintsToday, _reputation.ToState(), Standing);

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
