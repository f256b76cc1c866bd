using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Inbound;

/// <summary>What recipients make of mail, told to the lane it came by; nothing comes back.</summary>
internal sealed class LaneFeedback(IRequiredActor<Governors> governors)
{
    public void Complained(LaneKey lane) => Tell(lane, new(1, 0));

    public void Engaged(LaneKey lane, int messages) => Tell(lane, new(0, messages));

    private void Tell(LaneKey lane, CountFeedback feedback) =>
        governors.ActorRef.Tell(new ToGovernor(lane, feedback));
}
