using System.Collections.Concurrent;
using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>What breaks inside the delivery actor: a lane, a ledger it asked, or the actor itself.</summary>
public class DeliveryFaultTests : Kit
{
    private static readonly DeliverySettings Settings = DeliverySettings.Default;
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Breakable _clock = new();
    private readonly ConcurrentBag<AttemptId> _begun = [];
    private volatile bool _ledgersBreak;

    [Fact]
    public async Task A_lane_that_fails_gives_its_messages_back_and_the_others_go_on()
    {
        var delivery = Delivery(AnswerLater);
        delivery.Tell(Hand("ok.test", 0, 2), TestActor);
        await AwaitAssertAsync(() => Assert.Equal(2, _begun.Count));

        _clock.IsBroken = true;   // The next delivery of any lane ends its stream.
        delivery.Tell(Hand("bad.test", 2, 8), TestActor);
        var returned = await Results(8);
        _clock.IsBroken = false;
        _answer.SetResult();
        var others = await Results(2);
        delivery.Tell(Hand("bad.test", 10, 8), TestActor);
        var next = await Results(8);

        Assert.Equal(Ids(2, 8), returned.Select(a => a.Id));
        Assert.All(returned, a => Assert.Equal(
            ("bad.test", AttemptEnd.InDoubt, SmtpStep.None, "the lane failed: InvalidOperationException"),
            (a.Site, a.End, a.Step, a.Reply.Text)));
        Assert.Equal(Ids(0, 2), others.Select(a => a.Id));
        Assert.Equal(Ids(10, 8), next.Select(a => a.Id));
        Assert.All(others.Concat(next), a => Assert.True(a.Reply.IsAccepted));
    }

    public static TheoryData<object> Gone => [new LedgerUnavailable(0, "the journal failed"), new LedgerBegan(0)];

    [Theory]
    [MemberData(nameof(Gone))]
    public async Task A_ledger_that_lost_its_requests_is_asked_again_at_once(object gone)
    {
        var delivery = Delivery(AnswerLater);
        delivery.Tell(new QueueHasMail(0, Queue("a.test"), 1000), TestActor);
        var first = await Expect<TakeDue>();
        delivery.Tell(new LedgerBegan(1), TestActor);   // Another ledger's news.
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));

        delivery.Tell(gone, TestActor);

        Assert.Equal(first, await Expect<TakeDue>(TimeSpan.FromSeconds(3)));   // The time-out is 30 s.
    }

    [Fact]
    public async Task An_actor_that_fails_still_brings_the_outcomes_it_had_and_doubts_what_was_under_way()
    {
        var delivery = Delivery(
            (m, _, cancel) => m.Domain == "slow.test" ? AnswerLater(m, null!, cancel) : Task.FromResult(Answer(m, 250)),
            Settings with { RepeatResults = TimeSpan.FromMilliseconds(500) });
        delivery.Tell(Hand("slow.test", 0, 2), TestActor);
        await AwaitAssertAsync(() => Assert.Equal(2, _begun.Count));
        delivery.Tell(Hand("a.test", 2, 1), TestActor);
        Assert.Equal(Ids(2, 1), (await Results(1)).Select(a => a.Id));   // Told, and not confirmed.

        delivery.Tell(new HandedOut(0, Queue("c.test"), default, 0), TestActor);   // It falls over this.
        // A lane of the same site: the old one's end is not its own.
        delivery.Tell(Hand("slow.test", 3, 1), TestActor);
        delivery.Tell(new WhatRuns(0, [.. Ids(0, 5)]), TestActor);
        var disowned = await FishForMessageAsync<Disowned>(_ => true);
        var results = await Results(3);
        _answer.SetResult();
        var last = (await Results(4))[3];

        Assert.Equal(Ids(4, 1), disowned.Attempts);
        Assert.Equal(Ids(0, 3), results.Select(a => a.Id));
        Assert.All(results.Take(2), a => Assert.Equal(
            (AttemptEnd.InDoubt, SmtpStep.None, "delivery failed inside: NullReferenceException"),
            (a.End, a.Step, a.Reply.Text)));
        Assert.True(results[2].Reply.IsAccepted);
        Assert.Equal((Ids(3, 1).Single(), true), (last.Id, last.Reply.IsAccepted));
    }

    [Fact]
    public async Task An_outcome_that_is_known_when_the_actor_fails_is_not_put_in_doubt()
    {
        _ledgersBreak = true;   // The first to be told it.
        var delivery = Delivery(
            (m, _, _) => Task.FromResult(Answer(m, 250)),
            Settings with { RepeatResults = TimeSpan.FromMilliseconds(500) });

        delivery.Tell(Hand("a.test", 0, 1), TestActor);

        Assert.True((await Results(1)).Single().Reply.IsAccepted);
        Assert.False(_ledgersBreak);
    }

    [Fact]
    public async Task A_look_up_that_fails_inside_holds_no_mail_its_domain_is_its_own_site()
    {
        var delivery = Delivery((m, _, _) => Task.FromResult(Answer(m, 250)), shaping: Shaping with
        {
            ResolveSite = async (_, _) =>
            {
                await Task.Yield();
                throw new InvalidOperationException("a bug");
            },
        });

        delivery.Tell(Hand("a.test", 0, 1), TestActor);

        var result = (await Results(1)).Single();
        Assert.Equal(("a.test", true), (result.Site, result.Reply.IsAccepted));
    }

    private IActorRef Delivery(Deliver deliver, DeliverySettings? settings = null, ShapingParts? shaping = null) =>
        Sys.ActorOf(DeliveryActor.Props(
            new(deliver, settings ?? Settings, Node, Ledgers, () => Governors, shaping ?? Shaping, _clock)));

    private IActorRef Ledgers()
    {
        if (!_ledgersBreak) return TestActor;
        _ledgersBreak = false;
        throw new InvalidOperationException("a bug");
    }

    private async Task<Attempt> AnswerLater(DueMessage message, Route route, CancellationToken cancel)
    {
        _begun.Add(message.Attempt);
        await _answer.Task.WaitAsync(cancel);
        return Answer(message, 250);
    }

    private async Task<T> Expect<T>(TimeSpan? within = null, CancellationToken cancel = default)
        where T : ILedgerCommand =>
        (T)(await FishForMessageAsync<ToLedger>(
            m => m.Message is T, within ?? TimeSpan.FromSeconds(10), cancellationToken: cancel)).Message;

    /// <summary>
    /// The next results of different attempts, in the order of the messages. Repeats do not make it wait longer.
    /// </summary>
    private async Task<List<Attempt>> Results(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var results = new Dictionary<AttemptId, Attempt>();
        while (results.Count < count)
            foreach (var attempt in (await Expect<ConcludeAttempts>(cancel: limit.Token)).Attempts)
                results[attempt.Id] = attempt;
        Assert.Equal(count, results.Count);
        return [.. results.Values.OrderBy(a => a.Id.Message.Index)];
    }

    private readonly DateTimeOffset _began = TimeProvider.System.GetUtcNow();

    private DueMessage Due(string site, int n) =>
        new(new(SubmissionId.Create(0, _began, 1), n), 1, Queue(site), 1, _began, _began.AddHours(1));

    private HandedOut Hand(string site, int from, int count) =>
        new(0, Queue(site), [.. Enumerable.Range(from, count).Select(i => Due(site, i))], 0);

    private IEnumerable<AttemptId> Ids(int from, int count) =>
        Enumerable.Range(from, count).Select(i => Due("", i).Attempt);

    private sealed class Breakable : TimeProvider
    {
        public volatile bool IsBroken;

        public override DateTimeOffset GetUtcNow() =>
            IsBroken ? throw new InvalidOperationException("the clock is broken") : base.GetUtcNow();
    }
}
