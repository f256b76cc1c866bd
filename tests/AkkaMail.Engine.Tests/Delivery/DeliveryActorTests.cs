using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>The delivery actor between a test that plays the ledgers and a delegate that plays the receivers.</summary>
public class DeliveryActorTests : Kit
{
    private static readonly DeliverySettings Settings = DeliverySettings.Default;
    private readonly ConcurrentDictionary<string, int> _peak = new();
    private readonly ConcurrentDictionary<string, int> _now = new();

    [Fact]
    public async Task A_lane_takes_no_more_than_it_has_room_for_and_uses_no_more_connections_than_it_has()
    {
        var gate = new SemaphoreSlim(0);
        var delivery = Delivery(async (m, _, cancel) =>
        {
            var now = _now.AddOrUpdate(m.Domain, 1, (_, n) => n + 1);
            _peak.AddOrUpdate(m.Domain, now, (_, peak) => Math.Max(peak, now));
            await gate.WaitAsync(cancel);
            _now.AddOrUpdate(m.Domain, 0, (_, n) => n - 1);
            return Answer(m, 250);
        });

        delivery.Tell(new QueueHasMail(0, Queue("a.test"), 1000), TestActor);
        var request = await Expect<TakeDue>();
        Assert.Equal(ConnectionsPerLane * Settings.CreditsPerConnection, request.Count);
        delivery.Tell(new HandedOut(0, Queue("a.test"), [.. Enumerable.Range(0, request.Count).Select(i => Due("a.test", i))], Left: 100), TestActor);
        var next = await Expect<TakeDue>();   // For what went on the wire at once.
        Assert.Equal(ConnectionsPerLane, next.Count);
        delivery.Tell(new HandedOut(0, Queue("a.test"), [Due("a.test", 100), Due("a.test", 101)], Left: 100), TestActor);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));   // There is no more room.
        gate.Release(request.Count);

        await Expect<TakeDue>();
        Assert.Equal(ConnectionsPerLane, _peak["a.test"]);
    }

    [Fact]
    public async Task One_receiver_that_never_answers_leaves_nineteen_others_untouched()
    {
        var delivery = Delivery(async (m, _, cancel) =>
        {
            if (m.Domain == "site0.test") await Task.Delay(Timeout.Infinite, cancel);
            return Answer(m, 250);
        });

        for (var site = 0; site < 20; site++)
            delivery.Tell(new HandedOut(0, Queue($"site{site}.test"),
                [.. Enumerable.Range(0, 16).Select(i => Due($"site{site}.test", site * 16 + i))], 0), TestActor);

        var delivered = new HashSet<AttemptId>();
        while (delivered.Count < 19 * 16)
            delivered.UnionWith((await Expect<ConcludeAttempts>()).Attempts.Select(a => a.Id));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_lane_whose_delivery_throws_defers_its_mail_and_its_neighbours_go_on()
    {
        var delivery = Delivery((m, _, _) =>
            m.Domain == "bug.test" ? throw new InvalidOperationException("a bug") : Task.FromResult(Answer(m, 250)));

        delivery.Tell(new HandedOut(0, Queue("bug.test"), [.. Enumerable.Range(0, 10).Select(i => Due("bug.test", i))], 0), TestActor);
        delivery.Tell(new HandedOut(0, Queue("ok.test"), [.. Enumerable.Range(10, 10).Select(i => Due("ok.test", i))], 0), TestActor);

        var results = new List<Attempt>();
        while (results.Count < 20) results.AddRange((await Expect<ConcludeAttempts>()).Attempts);
        Assert.Equal(10, results.Count(a => a.Site == "ok.test" && a.Reply.IsAccepted));
        Assert.Equal(10, results.Count(a =>
            a is { Site: "bug.test", Reply: { Code: 0, Text: "internal error: InvalidOperationException" } }));
    }

    [Fact]
    public async Task Results_are_sent_again_until_the_ledger_has_stored_them()
    {
        var delivery = Delivery(
            (m, _, _) => Task.FromResult(Answer(m, 250)), Settings with { RepeatResults = TimeSpan.FromSeconds(1) });
        delivery.Tell(new HandedOut(0, Queue("a.test"), [Due("a.test", 0)], 0), TestActor);

        var first = await Expect<ConcludeAttempts>();
        var again = await Expect<ConcludeAttempts>();
        Assert.Equal(first.Attempts.Single().Id, again.Attempts.Single().Id);
        delivery.Tell(new WhatRuns(0, [first.Attempts.Single().Id]), TestActor);
        Assert.Empty((await FishForMessageAsync<Disowned>(_ => true)).Attempts);

        delivery.Tell(new AttemptsRecorded(0, [first.Attempts.Single().Id]), TestActor);
        delivery.Tell(new WhatRuns(0, [first.Attempts.Single().Id]), TestActor);
        Assert.Single((await FishForMessageAsync<Disowned>(_ => true)).Attempts);
    }

    [Fact]
    public async Task Rules_that_give_a_stream_another_pool_move_what_waits_to_its_sources()
    {
        var sources = new ConcurrentQueue<string>();
        var rules = Rules("old");
        var shaping = Shaping with { Rules = () => rules };
        var delivery = Delivery((m, route, _) =>
        {
            sources.Enqueue(route.Source.Name);
            return Task.FromResult(Answer(m, 250));
        }, shaping: shaping);
        delivery.Tell(new QueueHasMail(0, Queue("a.test"), 1_000), TestActor);
        var first = await Expect<TakeDue>();
        delivery.Tell(new HandedOut(0, first.Queue, [Due("a.test", 0)], Left: 999), TestActor);
        await AwaitAssertAsync(() => Assert.Equal(["old"], sources));

        rules = Rules("new");
        delivery.Tell(ShapingChanged.Instance, TestActor);
        await Expect<TakeDue>();   // By the desk of the new pool; the old one has forgotten the queue.
        delivery.Tell(new HandedOut(0, first.Queue, [Due("a.test", 1)], Left: 0), TestActor);

        await AwaitAssertAsync(() => Assert.Equal(["old", "new"], sources));
    }

    [Fact]
    public async Task Mail_that_waits_for_its_site_is_known_and_goes_back_when_the_server_stops()
    {
        var delivery = Delivery((m, _, _) => Task.FromResult(Answer(m, 250)), shaping: Shaping with
        {
            ResolveSite = async (domain, cancel) =>
            {
                await Task.Delay(Timeout.Infinite, cancel);
                throw new InvalidOperationException(domain);
            },
        });
        var due = Due("a.test", 0);
        delivery.Tell(new HandedOut(0, Queue("a.test"), [due], Left: 0), TestActor);
        delivery.Tell(new WhatRuns(0, [due.Attempt]), TestActor);
        Assert.Empty((await FishForMessageAsync<Disowned>(_ => true)).Attempts);

        delivery.Tell(Drain.Instance, TestActor);

        var back = (await Expect<ConcludeAttempts>()).Attempts.Single();
        Assert.Equal((due.Attempt, AttemptEnd.NotStarted), (back.Id, back.End));
    }

    private static ShapingRules Rules(string pool) => new("v1")
    {
        Pools = ImmutableDictionary<string, Pool>.Empty.Add(
            pool, new(pool, ImmutableDictionary<string, int>.Empty.Add(pool, 1))),
        Streams = [new(null, null) { Pool = pool }],
    };

    [Fact]
    public async Task Draining_ends_when_every_result_is_stored()
    {
        TaskCompletionSource begun = new(), gate = new();
        var delivery = Delivery(async (m, _, cancel) =>
        {
            begun.SetResult();
            await gate.Task.WaitAsync(cancel);
            return Answer(m, 250);
        });
        var due = Due("a.test", 0);
        delivery.Tell(new HandedOut(0, Queue("a.test"), [due], 0), TestActor);
        await begun.Task;
        delivery.Tell(Drain.Instance, TestActor);
        await GoesOn();

        gate.SetResult();
        var result = await Expect<ConcludeAttempts>();
        await GoesOn();   // Its result is told, and not stored.
        delivery.Tell(new AttemptsRecorded(0, [.. result.Attempts.Select(a => a.Id)]), TestActor);
        await ExpectMsgAsync<Akka.Done>();

        async Task GoesOn()
        {
            delivery.Tell(new WhatRuns(0, [due.Attempt]), TestActor);
            Assert.Empty((await ExpectMsgAsync<Disowned>()).Attempts);   // The next it says: it has not ended.
        }
    }

    [Fact]
    public async Task Draining_waits_for_what_was_asked_for_and_gives_it_back()
    {
        var delivery = Delivery((m, _, _) => Task.FromResult(Answer(m, 250)));
        delivery.Tell(new QueueHasMail(0, Queue("a.test"), 1), TestActor);
        await Expect<TakeDue>();
        delivery.Tell(Drain.Instance, TestActor);
        delivery.Tell(new WhatRuns(0, []), TestActor);
        await ExpectMsgAsync<Disowned>();   // It has heard, and does not end: the answer is still to come.

        var due = Due("a.test", 0);
        delivery.Tell(new HandedOut(0, Queue("a.test"), [due], Left: 0), TestActor);

        var back = (await Expect<ConcludeAttempts>()).Attempts.Single();
        Assert.Equal((due.Attempt, AttemptEnd.NotStarted), (back.Id, back.End));
        delivery.Tell(new AttemptsRecorded(0, [back.Id]), TestActor);
        await ExpectMsgAsync<Akka.Done>();
    }

    private IActorRef Delivery(
        Deliver deliver, DeliverySettings? settings = null, ShapingParts? shaping = null) => Sys.ActorOf(DeliveryActor.Props(
        new(deliver, settings ?? Settings, Node, () => TestActor, () => Governors, shaping ?? Shaping,
            TimeProvider.System)));

    private async Task<T> Expect<T>() where T : ILedgerCommand =>
        (T)(await FishForMessageAsync<ToLedger>(m => m.Message is T, TimeSpan.FromSeconds(10))).Message;

    private DueMessage Due(string site, int n) =>
        new(new(SubmissionId.Create(0, Now, (ulong)n), 0), 1, Queue(site), 1, Now, Now.AddHours(1));
}
