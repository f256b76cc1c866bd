using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>What the delivery actor does when time passes; the test moves it.</summary>
public class DeliveryTimeTests() : Kit(movesTime: true)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private int _messages;

    [Fact]
    public async Task A_hundred_lanes_come_and_go()
    {
        var delivery = Sys.ActorOf(DeliveryActor.Props(new(
            (m, _, _) => Task.FromResult(Answer(m, 250)), DeliverySettings.Default with { IdleLane = Idle }, Node,
            () => TestActor, () => Governors, Shaping, TimeProvider.System)));
        for (var round = 0; round < 2; round++)
        {
            for (var site = 0; site < 100; site++) delivery.Tell(Hand($"s{site}.test"), TestActor);
            await AwaitAssertAsync(async () =>
            {
                Clock.Advance(TimeSpan.FromMilliseconds(25));   // Results go together after so long.
                Assert.Equal(100, (await Lanes(delivery)).Count(l => l is { InUse: 0, AtHand: 0, Lease: not null }));
            });
            var results = new List<AttemptId>();
            while (results.Count < 100) results.AddRange((await Expect<ConcludeAttempts>()).Attempts.Select(a => a.Id));
            delivery.Tell(new AttemptsRecorded(0, [.. results]), TestActor);

            Assert.Equal(100, (await LanesAfter(Idle - TimeSpan.FromSeconds(2), delivery)).Length);
            Assert.Empty(await LanesAfter(TimeSpan.FromSeconds(3), delivery));
        }
    }

    /// <summary>The others take over what is its own in a few seconds.</summary>
    [Fact]
    public async Task Who_does_not_see_most_of_its_cluster_begins_nothing_until_it_does()
    {
        var (sees, sent) = (false, 0);
        var delivery = Sys.ActorOf(DeliveryActor.Props(new(
            (m, _, _) => Task.FromResult(Answer(m, Interlocked.Increment(ref sent) > 0 ? 250 : 0)), DeliverySettings.Default, Node,
            () => TestActor, () => Governors, Shaping, TimeProvider.System)
        { SeesMost = () => Volatile.Read(ref sees) }));
        delivery.Tell(Hand("a.test"), TestActor);
        await AwaitAssertAsync(async () =>
            Assert.Equal((1, 0), (await Lanes(delivery)).Where(l => l.Lease is not null).Select(l => (l.AtHand, l.InUse)).Single()));
        await LanesAfter(TimeSpan.FromSeconds(5), delivery);
        Assert.Equal(0, Volatile.Read(ref sent));

        Volatile.Write(ref sees, true);
        await LanesAfter(TimeSpan.FromSeconds(1), delivery);
        await AwaitAssertAsync(() => Assert.Equal(1, Volatile.Read(ref sent)));
    }

    /// <summary>Second by second, as its ticks come.</summary>
    private async Task<ImmutableArray<NodeLane>> LanesAfter(TimeSpan time, IActorRef delivery)
    {
        for (var seconds = (int)time.TotalSeconds; seconds > 0; seconds--)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Lanes(delivery);
        }
        return await Lanes(delivery);
    }

    private static async Task<ImmutableArray<NodeLane>> Lanes(IActorRef delivery) =>
        (await delivery.Ask<NodeLanes>(new ListLanes(), TimeSpan.FromSeconds(10))).Lanes;

    private async Task<T> Expect<T>() where T : ILedgerCommand =>
        (T)(await FishForMessageAsync<ToLedger>(m => m.Message is T, TimeSpan.FromSeconds(10))).Message;

    private HandedOut Hand(string site) => new(0, Queue(site),
        [new(new(SubmissionId.Create(0, Now, 1), _messages++), 1, Queue(site), 1, Now, Now.AddHours(1))], 0);
}
