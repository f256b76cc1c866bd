using Akka;
using Akka.Persistence.Query;
using Akka.Streams;
using AkkaMail.Core.Lanes;
using AkkaMail.Engine.Projecting;
using Source = Akka.Streams.Dsl.Source;

namespace AkkaMail.Engine.Tests.Projecting;

public sealed class JournalPagesTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_newest_come_first_and_the_next_page_goes_on_behind_them()
    {
        var stored = new Stored(1_200);

        var first = await Newest(stored, 1_200, 700);
        var rest = await Newest(stored, first.Next!.Value, 700);

        Assert.Equal(Enumerable.Range(1, 1_200).Reverse().Select(n => (long)n),
            first.Events.Concat(rest.Events).Select(e => e.SequenceNr));
        Assert.Null(rest.Next);
    }

    [Fact]
    public async Task What_was_before_the_time_asked_for_is_not_read_to_the_beginning()
    {
        var stored = new Stored(5_000);

        var page = await Newest(stored, 5_000, 100, from: Noon.AddSeconds(4_990));

        Assert.Equal([5_000L, 4_999, 4_998, 4_997, 4_996, 4_995, 4_994, 4_993, 4_992, 4_991, 4_990],
            page.Events.Select(e => e.SequenceNr));
        Assert.Null(page.Next);
        Assert.True(stored.Least > 4_000);
    }

    [Fact]
    public async Task A_filter_that_fits_nothing_reads_ten_thousand_and_says_where_to_go_on()
    {
        var stored = new Stored(25_000);

        var page = await Newest(stored, 25_000, 100, fits: _ => false);

        Assert.Empty(page.Events);
        Assert.Equal((15_000L, 15_001L), (page.Next, stored.Least));
    }

    [Fact]
    public async Task A_lane_without_a_history_has_an_empty_page()
    {
        var page = await Newest(new Stored(0), 0, 100);

        Assert.Empty(page.Events);
        Assert.Null(page.Next);
    }

    private Task<JournalPage<IGovernorEvent>> Newest(
        Stored stored, long upTo, int max, DateTimeOffset? from = null, Func<IGovernorEvent, bool>? fits = null) =>
        JournalPages.Newest(
            stored, Sys.Materializer(), "lane-ip1@google", upTo, max, from, e => e.At, fits ?? (_ => true), default);

    /// <summary>One event a second from noon on; it knows the lowest number it was asked for.</summary>
    private sealed class Stored(int count) : ICurrentEventsByPersistenceIdQuery
    {
        public long Least { get; private set; } = long.MaxValue;

        public Akka.Streams.Dsl.Source<EventEnvelope, NotUsed> CurrentEventsByPersistenceId(
            string persistenceId, long from, long to)
        {
            Assert.Equal("lane-ip1@google", persistenceId);
            Least = Math.Min(Least, from);
            return Source.From(Enumerable.Range((int)from, (int)(Math.Min(to, count) - from + 1)).Select(n =>
                new EventEnvelope(Offset.Sequence(n), persistenceId, n,
                    new HoldLifted(Noon.AddSeconds(n), n, "", null), 0, [])));
        }
    }
}
