using System.Threading.Channels;
using Akka;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// The stream of one lane: a bounded buffer, as many deliveries at once as it has connections, results in the order
/// they finish. GroupBy is not used: it back-pressures every key when one is full, and fails when keys come and go.
/// </summary>
public static class LaneFlow
{
    public static Flow<Dispatch, Attempt, NotUsed> Create(
        Deliver deliver, int connectionsMax, TimeProvider time, ILoggingAdapter log, CancellationToken cancel) =>
        Flow.Create<Dispatch>()
            .SelectAsyncUnordered(connectionsMax, d => Outcome(deliver, d.Message, d.Route, time, log, cancel));

    /// <summary>
    /// A bug in one delivery is one deferral with its reason, and an error in the log; its neighbours go on. The text
    /// of the exception may hold an address, so only its type is journaled.
    /// </summary>
    private static async Task<Attempt> Outcome(
        Deliver deliver, DueMessage message, Route route, TimeProvider time, ILoggingAdapter log, CancellationToken cancel)
    {
        var startedAt = time.GetUtcNow();
        try
        {
            return await deliver(message, route, cancel).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var stopped = e is OperationCanceledException && cancel.IsCancellationRequested;
            if (!stopped) log.Error(e, "delivery of {0} failed inside", message.Id);
            return new(message.Attempt, route.Site,
                SmtpReply.Ours(
                    stopped ? "the server stopped during this attempt" : $"internal error: {e.GetType().Name}"),
                stopped ? AttemptEnd.InDoubt : AttemptEnd.Answered, null, null, SmtpStep.None, null, startedAt,
                time.GetUtcNow() - startedAt);
        }
    }

    /// <summary>Starts a lane that ends in <paramref name="results"/>; it completes with its buffer.</summary>
    public static (ChannelWriter<Dispatch> Buffer, Task<Done> Ended) Run<TMat>(
        Flow<Dispatch, Attempt, NotUsed> lane, int bufferMax, Sink<Attempt, TMat> results, IMaterializer materializer)
    {
        var buffer = Channel.CreateBounded<Dispatch>(
            new BoundedChannelOptions(bufferMax) { SingleReader = true, SingleWriter = true });
        var ended = ChannelSource.FromReader(buffer.Reader).Via(lane)
            .WatchTermination((_, done) => done).To(results).Run(materializer);
        return (buffer.Writer, ended);
    }
}
