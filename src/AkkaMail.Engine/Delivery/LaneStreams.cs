using System.Threading.Channels;
using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// The streams of this node's lanes: each is opened with its first message and ends when its lane is closed.
/// <paramref name="answered"/> and <paramref name="ended"/> make messages to <paramref name="self"/> of what they tell.
/// </summary>
internal sealed class LaneStreams(
    DeliveryParts parts, Standstill standstill, IActorRef self, Func<Lane, Attempt, object> answered, Func<Lane, Exception?, object> ended,
    IMaterializer materializer, ILoggingAdapter log, CancellationToken stopping)
{
    private readonly Dictionary<Lane, ChannelWriter<Dispatch>> _streams = [];

    /// <summary>False: its stream has no room, or is gone.</summary>
    public bool Send(Lane lane, DueMessage message)
    {
        if (!_streams.TryGetValue(lane, out var stream)) _streams.Add(lane, stream = Open(lane));
        return stream.TryWrite(new(message, lane.Route));
    }

    /// <summary>Streams of closed lanes are empty, or have failed: they complete at once.</summary>
    public void EndClosed()
    {
        foreach (var (lane, stream) in _streams)
        {
            if (!lane.IsClosed) continue;
            stream.TryComplete();
            _streams.Remove(lane);
        }
    }

    private ChannelWriter<Dispatch> Open(Lane lane)
    {
        var flow = LaneFlow.Create(Deliver, lane.Parallel, parts.Time, log, stopping);
        var (channel, completed) = LaneFlow.Run(
            flow, lane.Parallel, Sink.ForEach<Attempt>(a => self.Tell(answered(lane, a))), materializer);
        completed.PipeTo(self, success: (Done _) => ended(lane, null), failure: e => ended(lane, e));
        return channel;
    }

    /// <summary>Who has stood still, or is cut off, has been taken for dead, perhaps, and somebody else has this mail.</summary>
    private Task<Attempt> Deliver(DueMessage message, Route route, CancellationToken cancel) =>
        !standstill.IsAwake ? NotStarted(message, route, "the node stood still")
        : !parts.SeesMost() ? NotStarted(message, route, "the node was cut off from its fellows")
        : parts.Deliver(message, route, cancel);

    private Task<Attempt> NotStarted(DueMessage message, Route route, string why) =>
        Task.FromResult(Untaken.NotStarted(message, route.Site, why, parts.Time.GetUtcNow()));
}
