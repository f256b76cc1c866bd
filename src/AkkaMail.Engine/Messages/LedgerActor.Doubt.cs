using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>
/// A recovered ledger is not a crashed process: after a journal fault or a hand-over the node that was sending may
/// still be. Only attempts that node disowns, or of a node that is gone, are in doubt.
/// </summary>
public sealed partial class LedgerActor
{
    private void LookAround()
    {
        Offer(_ledger.Waiting);
        _parts.Metrics.OldestDue(_ledger.Partition, _ledger.OldestDue(Now) is { } due ? Now - due : TimeSpan.Zero);
        AskWhatStillRuns(Now - _parts.Settings.AttemptSilence);
    }

    /// <summary>
    /// A node that is gone tells nothing any more, however lately it began: a ledger that was moved away from it may have left
    /// attempts there.
    /// </summary>
    private void AskWhatStillRuns(DateTimeOffset begunBefore)
    {
        foreach (var node in _ledger.Sending().GroupBy(s => s.Node).ToList())
        {
            if (DeliveryOf(node.Key) is not { } delivery)
                ConcludeInDoubt([.. node.Select(s => s.Attempt)], $"the server stopped during this attempt ({node.Key})");
            else
                foreach (var some in node.Where(s => s.Begun < begunBefore).Select(s => s.Attempt).Chunk(WhatRuns.AttemptsMax))
                    delivery.Tell(new WhatRuns(_ledger.Partition, [.. some]), Self);
        }
    }

    /// <summary>Null: that incarnation is gone.</summary>
    private ICanTell? DeliveryOf(string node) => node == _parts.Node ? _parts.Delivery
        : _parts.AddressOf(node) is { } address
            ? Context.ActorSelection(new RootActorPath(address) / "user" / DeliveryName) : null;

    /// <summary>The delivery actor's name under /user, the same on every node.</summary>
    public const string DeliveryName = "delivery";

    private void ConcludeInDoubt(ImmutableArray<AttemptId> attempts, string why)
    {
        var running = _ledger.Sending().ToDictionary(s => s.Attempt, s => s.Domain);
        var inDoubt = attempts.Where(running.ContainsKey).Select(id => new Attempt(
            id, running[id], SmtpReply.Ours(why), AttemptEnd.InDoubt, null, null, SmtpStep.None, null, Now,
            TimeSpan.Zero));
        Gather(new ConcludeAttempts([.. inDoubt]));
    }
}
