using AkkaMail.Core.Lanes.Observing;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>How many connections a lane has found to be taken.</summary>
public sealed partial class Governor
{
    /// <summary>
    /// A bound of connections is raised by one after so long without objection: up to what was refused, and for a look
    /// beyond that, which comes half as often each time it is refused.
    /// </summary>
    private static readonly TimeSpan ConnectionStep = TimeSpan.FromSeconds(5), ConnectionLook = TimeSpan.FromMinutes(1);

    private const int ConnectionRestsMax = 4;

    /// <summary>Answers that come so soon after a change are to connections from before it.</summary>
    private static readonly TimeSpan ConnectionEcho = TimeSpan.FromSeconds(1);

    private DateTimeOffset NextConnection(int now) => _connectionsAt + (now + 1 < _connectionsRefused ? ConnectionStep
        : ConnectionLook * Math.Pow(2, Math.Clamp(_connectionMisses - 1, 0, ConnectionRestsMax)));

    private void StepConnections(LaneState at, LaneTerms terms, DateTimeOffset now)
    {
        if (Connections is { } c && now >= NextConnection(c)
            && !IsHeld<Reaction.LimitConnections>(at, r => r.Connections <= c)
            && InputsOf(at, terms, _connectionsAt + ConnectionEcho, now) is { Objections: 0 } inputs)
            Record(new ConnectionsChanged(now, c, c + 1 >= terms.Connections ? null : c + 1, Adaptation.RecoveringRule,
                terms.Version, _connectionsCause)   // As with the rate: what had brought it down.
            {
                Inputs = inputs,
                // As many as were refused are taken by now: what was known of that is no longer so.
                Refused = c >= _connectionsRefused ? null : _connectionsRefused,
                Misses = c >= _connectionsRefused ? 0 : _connectionMisses,
            });
    }

    private void CutConnections(LaneState at, LaneReport report, LaneTerms terms, DateTimeOffset now)
    {
        if (report.Said.FirstOrDefault(s => s.First.Class == ReplyClass.TooManyConnections
            && s.First.BegunAt >= _connectionsAt) is { } crowd && at.Connections > 1)
        {
            // What was refused before is refused again: one fewer was taken. Else it may be far fewer.
            var isLook = at.Connections >= _connectionsRefused;
            var to = isLook ? at.Connections - 1 : Math.Max(1, at.Connections / 2);
            Record(new ConnectionsChanged(now, Connections, to, Adaptation.LimitedRule, terms.Version, crowd.First)
            {
                Inputs = InputsOf(at, terms, now - Recent.Span, now),
                Refused = at.Connections,
                Misses = isLook ? _connectionMisses + 1 : 1,
            });
        }
    }

    private ConnectionInputs InputsOf(LaneState at, LaneTerms terms, DateTimeOffset from, DateTimeOffset now)
    {
        var last = _recent.Since(from, now);
        return new(at.Connections, terms.Connections, last[ReplyClass.TooManyConnections], last.Total, null)
        {
            Refused = _connectionsRefused,
            Misses = _connectionMisses,
        };
    }
}
