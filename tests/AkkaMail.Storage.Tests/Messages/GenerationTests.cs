using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Messages;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Messages;

/// <summary>Another making of what lists are read from: built beside, swapped in, dropped.</summary>
public abstract class GenerationTests : StoreTests, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly MessageId Id = new(Submission(1), 0);

    private static readonly ImmutableArray<NumberedEvent> Journal = Numbered(1,
        Accept(Accepted(1, tags: ["a"]), Accepted(2, 3)), Started(Id), Concluded(MessageStatus.Delivered, Id),
        Ended(MessageStatus.Expired, Noon.AddDays(3), new MessageId(Submission(2), 1)));

    private readonly FixedTime _time = new(Noon);
    private readonly HistoryStore _history;
    private MessageGenerations _generations;

    protected GenerationTests(StorePlace place) : base(place)
    {
        _history = new(Place.Database("history.db"));
        _generations = Open();
    }

    private MessageGenerations Open() => new(Place.Database("read.db"), _history, null, _time);

    private IReadOnlyList<int> There => Place.Database("read.db").Generations();

    public Task InitializeAsync() => _generations.Current.Project(0, Journal, None);

    public Task DisposeAsync() => _generations.DisposeAsync().AsTask();

    private async Task Restart()
    {
        await _generations.DisposeAsync();
        _generations = Open();
    }

    [Fact]
    public async Task One_that_is_built_beside_says_the_same_once_it_is_read_and_not_before()
    {
        var before = await Everything(_generations.Current);

        Assert.True(await _generations.Begin(0.5, None));
        var beside = _generations.All[1].Model;
        Assert.Equal(before, await Everything(_generations.Current));
        Assert.Empty(await beside.Counters(None));
        foreach (var e in Journal) await beside.Project(0, [e], None);
        Assert.True(await _generations.Swap(_generations.Row.Beside ?? 2, None));

        Assert.Same(beside, _generations.Current);
        Assert.Equal(before, await Everything(_generations.Current));
        Assert.Equal((2, 1, true), (_generations.Row.Current, _generations.Row.Beside, _generations.Row.WasRead));
    }

    [Fact]
    public async Task A_second_swap_is_the_way_back()
    {
        await _generations.Begin(0.5, None);
        var first = _generations.Current;

        await _generations.Swap(_generations.Row.Beside ?? 2, None);
        Assert.NotSame(first, _generations.Current);
        await _generations.Swap(_generations.Row.Beside ?? 2, None);

        Assert.Same(first, _generations.Current);
        Assert.Equal([(1, (double?)null), (2, 0.5)], _generations.ToProjections().Select(p => (p.Generation, p.Throttle)));
    }

    [Fact]
    public async Task What_was_read_before_is_kept_for_a_day_and_a_build_for_as_long_as_it_takes()
    {
        Assert.Null(_generations.Row.KeptUntil);
        await _generations.Begin(0.5, None);
        Assert.Null(_generations.Row.KeptUntil);
        _time.Now = Noon.AddHours(3);

        await _generations.Swap(_generations.Row.Beside ?? 2, None);

        Assert.Equal(Noon.AddHours(27), _generations.Row.KeptUntil);
    }

    [Fact]
    public async Task A_build_goes_on_after_a_restart()
    {
        await _generations.Begin(0.25, None);
        await _generations.All[1].Model.Project(0, Journal[..2], None);
        _time.Now = Noon.AddHours(1);

        await Restart();

        Assert.Equal((2, Noon, false), (_generations.Row.Beside, _generations.Row.Since, _generations.Row.WasRead));
        Assert.Equal(2, await _generations.All[1].Model.PlaceOf(0, None));
        Assert.Equal(0.25, _generations.ToProjections()[1].Throttle);
    }

    [Fact]
    public async Task What_is_dropped_leaves_nothing_and_its_number_is_not_given_again()
    {
        await _generations.Begin(0.5, None);
        await _generations.All[1].Model.Project(0, Journal, None);
        var told = false;

        Assert.True(await _generations.End(_generations.Row.Beside ?? 2, () => Task.FromResult(told = true), None));

        Assert.True(told);
        Assert.Equal([1], There);
        await _generations.Begin(0.5, None);
        Assert.Equal(3, _generations.Row.Beside);
        Assert.Empty(await _generations.All[1].Model.Counters(None));
    }

    [Fact]
    public async Task The_first_can_go_too()
    {
        await _generations.Begin(0.5, None);
        await _generations.All[1].Model.Project(0, Journal, None);
        await _generations.Swap(_generations.Row.Beside ?? 2, None);
        var before = await Everything(_generations.Current);

        await _generations.End(_generations.Row.Beside ?? 2, () => Task.CompletedTask, None);
        await Restart();

        Assert.Equal([2], There);
        Assert.Equal(before, await Everything(_generations.Current));
    }

    [Fact]
    public async Task There_is_one_beside_or_none()
    {
        Assert.False(await _generations.Swap(_generations.Row.Beside ?? 2, None));
        Assert.False(await _generations.End(_generations.Row.Beside ?? 2, () => throw new InvalidOperationException("there is none"), None));
        await _generations.Begin(0.5, None);
        Assert.False(await _generations.Begin(0.5, None));
        Assert.Equal([1, 2], There);
    }

    [Fact]
    public async Task What_somebody_who_was_interrupted_has_left_goes_at_the_next_start()
    {
        await _generations.Begin(0.5, None);
        await _generations.All[1].Model.Project(0, Journal, None);
        _history.EndGeneration(ReadModel.Messages, 2);

        await Restart();

        Assert.Equal([1], There);
    }

    [Fact]
    public async Task Where_the_history_was_lost_what_is_there_is_read()
    {
        await _generations.Begin(0.5, None);
        await _generations.All[1].Model.Project(0, Journal, None);
        await _generations.Swap(_generations.Row.Beside ?? 2, None);
        await _generations.End(_generations.Row.Beside ?? 2, () => Task.CompletedTask, None);
        Place.Execute("history.db", "DELETE FROM generations");

        await Restart();

        Assert.Equal(4, await _generations.Current.PlaceOf(0, None));
        await _generations.Begin(0.5, None);
        Assert.Equal(3, _generations.Row.Beside);
    }

    [Fact]
    public async Task Where_the_history_was_lost_what_was_being_built_is_not_read()
    {
        await _generations.Begin(0.5, None);
        Place.Execute("history.db", "DELETE FROM generations");

        await Restart();

        Assert.Equal(4, await _generations.Current.PlaceOf(0, None));
        Assert.Equal([1], There);
    }

    [Fact]
    public async Task Where_the_one_that_is_read_was_lost_the_one_before_is_read_again()
    {
        await _generations.Begin(0.5, None);
        await _generations.Swap(2, None);
        await _generations.DisposeAsync();
        Place.Database("read.db").Generation(2).Erase();

        _generations = Open();

        Assert.Equal((1, (int?)null), (_generations.Row.Current, _generations.Row.Beside));
        Assert.Equal(4, await _generations.Current.PlaceOf(0, None));
    }

    [Fact]
    public async Task What_was_read_before_and_is_lost_is_no_way_back()
    {
        await _generations.Begin(0.5, None);
        await _generations.Swap(_generations.Row.Beside ?? 2, None);
        await _generations.DisposeAsync();
        Place.Database("read.db").Erase();

        _generations = Open();

        Assert.Single(_generations.All);
        Assert.Equal(2, _generations.Row.Current);
    }

    [Fact]
    public async Task What_another_node_has_ordered_is_so_here_once_this_one_has_looked()
    {
        await using var other = Open();

        await other.Begin(0.5, None);
        Assert.True(await _generations.Look(None));
        Assert.False(await _generations.Look(None));
        await _generations.All[1].Model.Project(0, Journal, None);
        Assert.Equal(4, await other.All[1].Model.PlaceOf(0, None));
        await other.Swap(2, None);
        Assert.True(await _generations.Look(None));
        Assert.Equal((2, other.Row), (_generations.Row.Current, _generations.Row));
        await other.End(1, () => Task.CompletedTask, None);
        Assert.True(await _generations.Look(None));

        Assert.Single(_generations.All);
        Assert.Equal(4, await _generations.Current.PlaceOf(0, None));
    }

    [Fact]
    public async Task Two_nodes_that_begin_at_once_begin_one()
    {
        await using var other = Open();

        var begun = await Task.WhenAll(_generations.Begin(0.5, None), other.Begin(0.5, None));

        Assert.Single(begun, true);
        Assert.Equal((2, other.Row), (_generations.Row.Beside, _generations.Row));
        await other.All[1].Model.Project(0, Journal, None);
        Assert.Equal(4, await _generations.All[1].Model.PlaceOf(0, None));
    }

    [Fact]
    public async Task A_node_that_starts_while_another_begins_finds_nothing_that_is_cleared_afterwards()
    {
        await using (var left = new ReadModel(Place.Database("read.db").Generation(2))) await left.Project(0, Journal, None);
        object? noted = null;

        _history.BeginGeneration(ReadModel.Messages, _generations.Row, 0.5, Noon, number =>
        {
            using var another = Place.Open("history.db");
            noted = another.Scalar("SELECT max(beside) FROM generations");
            Place.Database("read.db").Generation(number).Erase();
        });

        Assert.True(noted is DBNull);
        await using var other = Open();
        Assert.Empty(await other.All[1].Model.Counters(None));
    }

    [Fact]
    public async Task An_order_that_was_stored_while_its_answer_was_lost_is_seen_by_the_next()
    {
        await _generations.Begin(0.5, None);
        _history.SwapGenerations(ReadModel.Messages, 1, 2, Noon);

        Assert.False(await _generations.Swap(_generations.Row.Beside ?? 2, None));

        Assert.Equal(2, _generations.Row.Current);
        Assert.Equal(0, await _generations.Current.PlaceOf(0, None));
    }
}

public sealed class GenerationsOnSqlite() : GenerationTests(new SqlitePlace());

public sealed class GenerationsOnPostgres() : GenerationTests(new PostgresPlace());
