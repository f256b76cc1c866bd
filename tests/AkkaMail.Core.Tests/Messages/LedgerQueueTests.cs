using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>What waits, by what, and who is next.</summary>
public sealed class LedgerQueueTests
{
    private readonly Ledger _ledger = New();

    [Theory]
    [InlineData("codes", StreamKind.Transactional, true)]
    [InlineData("codes", StreamKind.Broadcast, false)]
    [InlineData(Streams.Broadcast, StreamKind.Broadcast, false)]
    [InlineData(Streams.Transactional, StreamKind.Transactional, true)]
    public void Mail_waits_by_the_kind_its_stream_had_also_after_a_replay_or_a_snapshot(
        string stream, StreamKind kind, bool isTransactional)
    {
        var mail = Submit(Facts with { Stream = stream, Kind = kind }, "a.test");
        var events = _ledger.Decide([Accept(mail)], UsualRules, Noon).Events;
        var replayed = new Ledger(7);
        foreach (var e in events) replayed.Apply(e);
        replayed.Recovered(Noon);
        var restored = Ledger.From(_ledger.ToSnapshot());
        restored.Recovered(Noon);

        foreach (var ledger in new[] { _ledger, replayed, restored })
            Assert.Equal((stream, isTransactional),
                ledger.Waiting.Select(w => (w.Queue.Stream, w.Queue.IsTransactional)).Single());
    }

    [Fact]
    public void The_queues_that_every_tenant_has_are_named_as_an_earlier_version_names_them() => Assert.Equal(
        new QueueKey("a.test", "default", Streams.Broadcast),
        QueueKey.Of("a.test", "default", Streams.Broadcast, StreamKind.Broadcast));

    [Fact]
    public void A_scheduled_message_waits_for_its_time()
    {
        _ledger.Decide([Accept(Submit(Facts with { SendAt = Noon.AddHours(1) }, "a.test"))], UsualRules, Noon);

        Assert.Empty(_ledger.HandOut("a.test", 1, Noon.AddMinutes(59)).Messages);
        _ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(1));
        Assert.Single(_ledger.HandOut("a.test", 1, Noon.AddHours(1)).Messages);
    }

    /// <summary>A lane that has been stopped takes nothing, and yet has to know how much waits.</summary>
    [Fact]
    public void What_comes_to_a_queue_that_had_mail_is_told_with_its_count()
    {
        for (var i = 0; i < 2; i++) _ledger.Decide([Accept("a.test")], UsualRules, Noon);
        Assert.Equal(2, Assert.Single(_ledger.DrainNewlyWaiting()).Count);
        for (var i = 0; i < 48; i++) _ledger.Decide([Accept("a.test")], UsualRules, Noon);

        Assert.Empty(_ledger.DrainNewlyWaiting());
        Assert.Equal(50, Assert.Single(_ledger.DrainGrown()).Count);
        Assert.Empty(_ledger.DrainGrown());
    }

    [Fact]
    public void Fresh_mail_does_not_wait_behind_retries_and_they_do_not_starve()
    {
        for (var i = 0; i < 100; i++) _ledger.Decide([Accept("a.test")], UsualRules, Noon);
        foreach (var due in _ledger.HandOut("a.test", 100, Noon).Messages)
            _ledger.Concluded(Answer(due, new(451, null, "later")), Noon);
        _ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(1));
        for (var i = 0; i < 100; i++) _ledger.Decide([Accept("a.test")], UsualRules, Noon);

        var handed = _ledger.HandOut("a.test", 100, Noon.AddHours(1)).Messages;

        Assert.Equal((80, 20), (handed.Count(m => m.Number == 1), handed.Count(m => m.Number == 2)));
    }

    [Fact]
    public void Each_stream_of_a_tenant_is_a_queue_of_its_own()
    {
        var news = Facts with { Stream = Streams.Broadcast, Kind = StreamKind.Broadcast };
        _ledger.Decide([Accept("a.test"), Accept(Submit(news, "a.test"))], UsualRules, Noon);
        Assert.Equal([("transactional", 1), ("broadcast", 1)],
            _ledger.DrainNewlyWaiting().Select(q => (q.Queue.Stream, q.Count)));

        var handed = _ledger.HandOut("a.test", 100, Noon);

        Assert.Equal((1, 0), (handed.Messages.Length, handed.Left));
        Assert.Equal("broadcast", Assert.Single(_ledger.Waiting).Queue.Stream);
    }
}
