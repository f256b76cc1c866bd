using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using CsCheck;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>Who showed life of late goes first, and nobody waits for one who came more than an hour later.</summary>
public sealed class EngagedFirstTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Tick = TimeSpan.FromTicks(1);
    private static readonly SubmissionFacts News =
        Facts with { Stream = Streams.Broadcast, Kind = StreamKind.Broadcast, ExpiresAt = Noon.AddDays(9) };
    private static readonly QueueKey Queue =
        QueueKey.Of("a.test", News.Tenant, News.Stream, StreamKind.Broadcast);

    private readonly Ledger _ledger = New();

    [Fact]
    public void Of_one_broadcast_the_engaged_go_first_each_in_the_order_of_the_call()
    {
        Accept(_ledger, Noon, "other", "engaged", "other", "engaged", "other");

        Assert.Equal([1, 3, 0, 2, 4], Take(_ledger, 5, Noon).Select(id => id.Index));
    }

    /// <summary>The exact rule, by when each was due.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(TimeSpan.TicksPerHour, true)]
    [InlineData(TimeSpan.TicksPerHour + 1, false)]
    public void Up_to_an_hour_later_an_engaged_one_goes_before(long later, bool engagedGoesFirst)
    {
        var (engaged, other) = (Noon.UtcTicks + later, Noon.UtcTicks);

        Assert.Equal(engagedGoesFirst, FreshHead.EngagedGoesFirst(engaged, other));
        Assert.Equal(engagedGoesFirst,
            FreshHead.OrderOf(Noon.AddTicks(later), isEngaged: true) <= FreshHead.OrderOf(Noon, isEngaged: false));
    }

    [Fact]
    public void Who_came_over_an_hour_before_an_engaged_one_goes_before_it()
    {
        var first = Accept(_ledger, Noon, "other");
        var second = Accept(_ledger, Noon + Tick, "other");
        var late = Accept(_ledger, Noon + Hour + Tick, "engaged");

        Assert.Equal([first, late, second], Take(_ledger, 3, Noon + Hour + Tick).Select(id => id.Submission));
    }

    /// <summary>A scheduled mail came when it was due, whenever it was handed in.</summary>
    [Fact]
    public void What_is_scheduled_counts_from_its_time()
    {
        var scheduled = Accept(_ledger, News with { SendAt = Noon.AddHours(20) }, Noon, "other");
        var engaged = Accept(_ledger, Noon.AddHours(20) + Hour, "engaged");
        _ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(20) + Hour);

        Assert.Equal([engaged, scheduled], Take(_ledger, 2, Noon.AddHours(20) + Hour).Select(id => id.Submission));
    }

    /// <summary>
    /// A day's volume goes to the engaged of the day; what is left of it is not put off again by the next day's.
    /// </summary>
    [Fact]
    public void On_each_day_of_a_warm_up_the_engaged_go_first_and_who_is_left_over_goes_before_the_next_days()
    {
        const int day = 20;
        var monday = Accept(_ledger, Noon, [.. Enumerable.Repeat("other", 30), .. Enumerable.Repeat("engaged", day)]);

        Assert.Equal(Enumerable.Range(30, day), Take(_ledger, day, Noon).Select(id => id.Index));

        var tuesday = Accept(_ledger, Noon.AddDays(1), [.. Enumerable.Repeat("other", 30), "engaged", "engaged"]);
        Assert.Equal(Enumerable.Range(0, day).Select(i => new MessageId(monday, i)),
            Take(_ledger, day, Noon.AddDays(1)));
        Assert.Equal([.. Enumerable.Range(day, 10).Select(i => new MessageId(monday, i)),
            new(tuesday, 30), new(tuesday, 31), .. Enumerable.Range(0, 8).Select(i => new MessageId(tuesday, i))],
            Take(_ledger, day, Noon.AddDays(2)));
    }

    [Fact]
    public void The_order_is_the_same_after_a_replay_and_after_a_snapshot()
    {
        string[] kinds = ["other", "engaged", "other", "other", "engaged"];
        var events = Decide(_ledger, Noon, News, kinds).Events;
        var replayed = new Ledger(7);
        foreach (var e in events) replayed.Apply(e);
        replayed.Recovered(Noon);
        var restored = Ledger.From(_ledger.ToSnapshot());
        restored.Recovered(Noon);

        Assert.All(new[] { _ledger, replayed, restored },
            ledger => Assert.Equal([1, 4, 0, 2, 3], Take(ledger, 5, Noon).Select(id => id.Index)));
    }

    /// <summary>Its id is as old as its acceptance; its place is as old as the time it was scheduled for.</summary>
    [Fact]
    public void What_was_scheduled_stands_where_it_stood_after_a_restart()
    {
        var (sendAt, now) = (Noon.AddHours(4), Noon.AddHours(4) + TimeSpan.FromMinutes(5));
        var events = new List<ILedgerEvent>();
        var scheduled = Told(News with { SendAt = sendAt }, Noon, "other");
        var engagedLater = Told(News with { SendAt = Noon.AddHours(3.5) }, Noon, "engaged");
        var direct = Told(News, Noon.AddHours(2), "other", "other");
        var engaged = Told(News, sendAt, "engaged");
        var restored = Ledger.From(_ledger.ToSnapshot());
        _ledger.Decide([PassTime.Instance], UsualRules, now);
        var replayed = new Ledger(7);
        foreach (var e in events) replayed.Apply(e);
        foreach (var ledger in new[] { replayed, restored }) ledger.Recovered(now);

        Assert.All(new[] { _ledger, replayed, restored }, ledger =>
        {
            var places = new[] { scheduled, engagedLater, direct, engaged }
                .Select(s => ledger.PlaceOf(new(s, 0))!.Value.Before);
            Assert.Equal([4, 2, 0, 3], places);
            Assert.Equal(new FreshHead(Noon.AddHours(2), 0), ledger.Waiting.Single().Head);
            Assert.Equal([new(direct, 0), new(direct, 1), new(engagedLater, 0), new(engaged, 0), new(scheduled, 0)],
                Take(ledger, 5, now));
        });

        SubmissionId Told(SubmissionFacts facts, DateTimeOffset at, params string[] kinds)
        {
            _ledger.Decide([PassTime.Instance], UsualRules, at);
            var decided = Decide(_ledger, at, facts, kinds);
            events.AddRange(decided.Events);
            return ((SubmissionAccepted)decided.Replies.Single()!).Id;
        }
    }

    [Fact]
    public void Retries_keep_a_line_of_their_own_whoever_they_are_to()
    {
        Accept(_ledger, Noon, [.. Enumerable.Repeat("engaged", 100)]);
        foreach (var due in HandOut(_ledger, 100, Noon).Messages)
            _ledger.Concluded(Answer(due, new(451, null, "later")), Noon);
        var later = Noon.AddHours(1);
        _ledger.Decide([PassTime.Instance], UsualRules, later);
        Accept(_ledger, later, [.. Enumerable.Repeat("other", 50), .. Enumerable.Repeat("engaged", 50)]);

        var handed = HandOut(_ledger, 100, later).Messages;

        Assert.Equal((80, 20), (handed.Count(m => m.Number == 1), handed.Count(m => m.Number == 2)));
        Assert.All(handed.Where(m => m.Number == 1).Take(50), m => Assert.InRange(m.Id.Index, 50, 99));
    }

    [Fact]
    public void What_was_withdrawn_is_in_nobodys_way()
    {
        var news = Accept(_ledger, Noon, "other", "engaged", "other", "engaged");
        foreach (var i in new[] { 0, 1 })
            _ledger.Decide([new CancelMessage(new(news, i))], UsualRules, Noon);

        Assert.Equal(new FreshHead(Noon, 1), _ledger.Waiting.Single().Head);
        Assert.Equal([3, 2], Take(_ledger, 4, Noon).Select(id => id.Index));
        Assert.Empty(_ledger.Waiting);
    }

    [Fact]
    public void Who_takes_from_a_queue_is_told_who_is_next()
    {
        Accept(_ledger, Noon, "other", "engaged", "engaged");
        Assert.Equal(new FreshHead(Noon, 2), Assert.Single(_ledger.DrainNewlyWaiting()).Head);

        Assert.Equal(new FreshHead(Noon, 1), HandOut(_ledger, 1, Noon).Head);
        Assert.Equal(new FreshHead(Noon, 0), HandOut(_ledger, 1, Noon).Head);
        Assert.Null(HandOut(_ledger, 1, Noon).Head);
    }

    [Fact]
    public void Who_is_told_how_many_engaged_are_next_is_told_of_none_that_others_go_before()
    {
        Accept(_ledger, Noon, "other", "engaged", "engaged");
        var later = Noon + Hour + Tick;
        Accept(_ledger, later, "engaged", "engaged", "engaged");

        Assert.Equal(new FreshHead(Noon, 2), _ledger.Waiting.Single().Head);
        Take(_ledger, 2, later);
        Assert.Equal(new FreshHead(Noon, 0), _ledger.Waiting.Single().Head);
        Take(_ledger, 1, later);
        Assert.Equal(new FreshHead(later, 3), _ledger.Waiting.Single().Head);
    }

    private static readonly Gen<(int Minutes, bool IsEngaged, int Take)[]> Days =
        Gen.Select(Gen.Int[0, 40], Gen.Bool, Gen.Int[0, 3]).Array[1, 200];

    [Fact]
    public void Nobody_waits_for_one_who_came_over_an_hour_later_and_of_each_kind_who_came_first_is_first() =>
        Days.Sample(day =>
    {
        var (ledger, now, waiting) = (New(), Noon, new List<(MessageId Id, DateTimeOffset Due, bool IsEngaged)>());
        foreach (var (minutes, isEngaged, take) in day)
        {
            now = now.AddMinutes(minutes);
            waiting.Add((new(Accept(ledger, now, isEngaged ? "engaged" : "other"), 0), now, isEngaged));
            foreach (var id in Take(ledger, take, now)) Took(id);
        }
        while (Take(ledger, 1, now) is [var id]) Took(id);
        Assert.Empty(waiting);

        void Took(MessageId id)
        {
            var taken = waiting.Single(w => w.Id == id);
            Assert.Equal(id, waiting.First(w => w.IsEngaged == taken.IsEngaged).Id);
            waiting.Remove(taken);
            if (taken.IsEngaged) Assert.DoesNotContain(waiting, w => !w.IsEngaged && w.Due < taken.Due - Hour);
            else Assert.DoesNotContain(waiting, w => w.IsEngaged && w.Due <= taken.Due + Hour);
        }
    }, iter: 300);

    [Fact]
    public void How_many_are_before_one_is_how_many_go_before_it() => Days.Sample(day =>
    {
        var (ledger, now, ids) = (New(), Noon, new List<MessageId>());
        foreach (var (minutes, isEngaged, _) in day)
        {
            now = now.AddMinutes(minutes);
            ids.Add(new(Accept(ledger, now, isEngaged ? "engaged" : "other"), 0));
        }
        var places = ids.ToDictionary(id => id, id => ledger.PlaceOf(id)!.Value);

        var taken = Take(ledger, ids.Count, now);

        for (var i = 0; i < taken.Count; i++)
        {
            var place = places[taken[i]];
            Assert.Equal((i, place.IsEngaged ? 0 : taken.Take(i).Count(id => places[id].IsEngaged)),
                (place.Before, place.EngagedBefore));
        }
    }, iter: 300);

    private static SubmissionId Accept(Ledger ledger, DateTimeOffset now, params string[] kinds) =>
        Accept(ledger, News, now, kinds);

    private static SubmissionId Accept(Ledger ledger, SubmissionFacts facts, DateTimeOffset now, params string[] kinds) =>
        ((SubmissionAccepted)Decide(ledger, now, facts, kinds).Replies.Single()!).Id;

    private static LedgerDecision Decide(Ledger ledger, DateTimeOffset now, SubmissionFacts facts, string[] kinds) =>
        ledger.Decide([Given.Accept(new NewSubmission(facts, [.. kinds.Select(kind => new AcceptedRecipient("a.test", default)
        {
            Engaged = kind == "engaged" ? DateOnly.FromDateTime(Noon.UtcDateTime).AddDays(-3) : null,
        })]))], UsualRules, now);

    private static HandedOut HandOut(Ledger ledger, int count, DateTimeOffset now) => Assert.IsType<HandedOut>(
        ledger.Decide([new TakeDue(Queue, count, "node#1")], UsualRules, now).Replies[0]);

    private static List<MessageId> Take(Ledger ledger, int count, DateTimeOffset now) =>
        [.. HandOut(ledger, count, now).Messages.Select(m => m.Id)];
}
