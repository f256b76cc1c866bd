using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Inbound;

/// <summary>What recipients make of mail, told to the governor of the lane it came by.</summary>
internal sealed class LaneFeedback(IRequiredActor<Governors> governors)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Once it is stored; an <see cref="AskTimeoutException"/> when there is no answer in time.</summary>
    public Task Complained(LaneKey lane, CancellationToken cancel) =>
        governors.ActorRef.Ask<FeedbackTaken>(new ToGovernor(new LimitKey.Lane(lane), new CountFeedback(1, 0)), Timeout, cancel);

    /// <summary>Nothing comes back: one more sign of life or less changes no decision.</summary>
    public void Engaged(LaneKey lane, int messages) =>
        governors.ActorRef.Tell(new ToGovernor(new LimitKey.Lane(lane), new CountFeedback(0, messages)));
}
