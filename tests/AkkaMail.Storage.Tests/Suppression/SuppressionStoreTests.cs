using AkkaMail.Core.Ids;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Suppression;
using CsCheck;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Suppression;

/// <summary>Lists on a real file: who is on them, for whom that holds, and how it is undone.</summary>
public abstract class SuppressionStoreTests(StorePlace place) : StoreTests(place), IAsyncLifetime
{
    private SuppressionStore _store = new(place.Database("suppressions.db"));

    private static (Hash128 Address, Hash128 Domain) Ann => (Hash("ann@a.test"), Hash("@a.test"));

    private static NewSuppression Of(
        string address, SuppressionScope scope = SuppressionScope.Tenant, string tenant = "acme",
        string stream = "broadcast", DateTimeOffset? until = null, string? rule = null, string? site = null) => new(
        SuppressionKey.Of(scope, tenant, stream, Hash(address)), address,
        rule is null ? SuppressionOrigin.Manual : SuppressionOrigin.HardBounce,
        rule is null ? SuppressionCause.None : new("msg-1", "unknown_user", rule, "v1", "ip1", site, "550 5.1.1 no"), null,
        "k1", Noon, until);

    private async Task<string?> Checked(string tenant, string stream, DateTimeOffset? at = null) =>
        (await _store.Check(tenant, stream, [Ann], at ?? Noon, default))[0]?.What.Key.Scope.ToWord();

    [Theory]
    [InlineData(SuppressionScope.Global, "zeta", "other", true)]
    [InlineData(SuppressionScope.Tenant, "acme", "other", true)]
    [InlineData(SuppressionScope.Tenant, "zeta", "broadcast", false)]
    [InlineData(SuppressionScope.Stream, "acme", "broadcast", true)]
    [InlineData(SuppressionScope.Stream, "acme", "other", false)]
    [InlineData(SuppressionScope.Stream, "zeta", "broadcast", false)]
    public async Task An_entry_holds_as_far_as_its_scope(SuppressionScope scope, string tenant, string stream, bool holds)
    {
        await _store.Add([Of("ann@a.test", scope)], default);

        Assert.Equal(holds ? scope.ToWord() : null, await Checked(tenant, stream));
    }

    [Fact]
    public async Task What_is_stored_holds_though_its_caller_has_gone()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _store.Add([Of("ann@a.test")], new(canceled: true)));

        for (var i = 0; i < 250 && await Checked("acme", "x") is null; i++) await Task.Delay(20);

        Assert.Equal("tenant", await Checked("acme", "x"));
    }

    [Fact]
    public async Task A_domain_stands_for_all_its_addresses_and_an_expired_entry_for_nobody()
    {
        await _store.Add([Of("@a.test", until: Noon.AddHours(1))], default);

        Assert.Equal("tenant", await Checked("acme", "x", Noon.AddMinutes(59)));
        Assert.Null(await Checked("acme", "x", Noon.AddHours(1)));
        Assert.Equal(1, await _store.Prune(Noon.AddHours(1), default));
        Assert.Null((await _store.Check("acme", "x", [(Hash("bob@b.test"), Hash("@b.test"))], Noon, default))[0]);
    }

    [Fact]
    public async Task An_address_is_known_as_long_as_an_entry_names_it()
    {
        var here = (await _store.Add([Of("ann@a.test"), Of("ann@a.test", tenant: "zeta", until: Noon.AddHours(1))], default)).Ids;

        await _store.Lift([here[0]], "k1", null, null, Noon, default);
        Assert.Equal("ann@a.test", (await _store.Find(here[1], default))!.What.Address);
        await _store.Prune(Noon.AddHours(1), default);

        Assert.Equal(0, Place.Count("suppressions.db", "addresses"));
        await _store.Add([Of("eve@a.test")], default);
        await _store.Lift([(await _store.Add([Of("eve@a.test")], default)).Ids[0]], "k1", null, null, Noon, default);
        Assert.Equal(0, Place.Count("suppressions.db", "addresses"));
    }

    [Fact]
    public async Task An_import_is_known_as_it_was_noted_last_and_for_a_week()
    {
        var import = new SuppressionImport("imp-1", "acme", Noon, Noon) { Lines = 1 };
        await _store.Note(import, default);

        await _store.Note(import with { SeenAt = Noon.AddSeconds(1), Lines = 9, Faults = [(4, "is no\naddress")], Faulty = 1 }, default);
        var found = (await _store.FindImport("imp-1", default))!;
        Assert.Equal((9, 1, Noon.AddSeconds(1), null), (found.Lines, found.Faulty, found.SeenAt, found.EndedAt));
        Assert.Equal((4, "is no address"), found.Faults.Single());

        await _store.Prune(Noon + SuppressionStore.ImportsKept, default);
        Assert.NotNull(await _store.FindImport("imp-1", default));
        await _store.Prune(Noon + SuppressionStore.ImportsKept + TimeSpan.FromTicks(1), default);
        Assert.Null(await _store.FindImport("imp-1", default));
    }

    [Fact]
    public async Task A_failure_of_long_ago_is_forgotten()
    {
        await _store.Follow(0, 1, [], [new("acme", Hash("ann"), new(Submission(1), 0), Noon, null, Of("ann@a.test"))], default);

        await _store.Prune(Noon + SuppressionPolicy.SoftKept, default);
        Assert.Equal(1, Place.Count("suppressions.db", "softs"));
        await _store.Prune(Noon + SuppressionPolicy.SoftKept + TimeSpan.FromTicks(1), default);
        Assert.Equal(0, Place.Count("suppressions.db", "softs"));
    }

    [Fact]
    public async Task What_is_there_stays_with_its_own_cause_and_what_has_expired_is_made_anew()
    {
        var first = (await _store.Add([Of("ann@a.test", until: Noon.AddHours(1))], default)).Ids[0];
        var same = await _store.Add([Of("ann@a.test", rule: "r1")], default);
        var later = await _store.Add([Of("ann@a.test", rule: "r1") with { At = Noon.AddHours(2) }], default);

        Assert.Equal((first, 0), (same.Ids[0], same.New));
        Assert.Equal(1, later.New);
        Assert.NotEqual(first, later.Ids[0]);
        Assert.Equal("r1", (await _store.Find(later.Ids[0], default))!.What.Why.Rule);
        Assert.Null(await _store.Find(first, default));
    }

    [Fact]
    public async Task Lifting_adds_an_event_and_removes_none()
    {
        var id = (await _store.Add([Of("ann@a.test", rule: "r1")], default)).Ids[0];

        Assert.Equal(1, await _store.Lift([id, id, 999], "k2", "undo-1", "wrong rule", Noon.AddHours(1), default));

        Assert.Null(await Checked("acme", "x"));
        var history = await _store.History(id, default);
        Assert.Equal([(false, "k1", null), (true, "k2", "undo-1")], history.Select(e => (e.IsLifted, e.By, e.Undo)));
        await Reopen();
        Assert.Null(await Checked("acme", "x"));
    }

    [Fact]
    public async Task Entries_are_listed_newest_first_by_rule_site_and_time_with_their_addresses()
    {
        await _store.Add([.. Enumerable.Range(0, 10).Select(i => Of($"u{i}@a.test", rule: i % 2 == 0 ? "r1" : "r2",
            site: i < 5 ? "google" : "yahoo") with { At = Noon.AddHours(i) })], default);
        await _store.Add([Of("x@a.test", tenant: "zeta", rule: "r1", site: "google")], default);

        var query = new SuppressionQuery { Tenant = "acme", Rule = "r1", Site = "google", From = Noon, To = Noon.AddHours(4) };
        var page = await _store.List(query, null, 1, default);
        var rest = await _store.List(query, page[0].Id, 10, default);

        Assert.Equal(2, await _store.Count(query, default));
        Assert.Equal(["u2@a.test", "u0@a.test"], page.Concat(rest).Select(e => e.What.Address));
        await _store.Erase(Hash("u2@a.test"), default);
        Assert.Null((await _store.Find(page[0].Id, default))!.What.Address);
        Assert.NotNull((await _store.Check("acme", "s", [(Hash("u2@a.test"), Ann.Domain)], Noon, default))[0]);
    }

    [Fact]
    public async Task Three_soft_failures_over_three_days_are_enough_and_a_delivery_between_begins_anew()
    {
        async Task Fail(int number, int hours, DateTimeOffset? delivered = null) => await _store.Follow(0, number, [],
            [new("acme", Ann.Address, new(Submission(number), hours), Noon.AddHours(hours), delivered,
                Of("ann@a.test", rule: "full"))], default);

        await Fail(1, 0);
        await Fail(2, 1);
        await Fail(3, 71);
        Assert.Null(await Checked("acme", "x"));
        await Fail(3, 100);   // The same place in the journal: looked at already.
        Assert.Null(await Checked("acme", "x"));
        await Fail(4, 80, delivered: Noon.AddHours(75));
        Assert.Null(await Checked("acme", "x"));
        await Fail(5, 81);
        await Fail(6, 152);
        Assert.Equal("tenant", await Checked("acme", "x"));
        Assert.Equal(6, await _store.PlaceOf(0, default));
    }

    [Fact]
    public void Whoever_is_on_a_list_is_found_whatever_else_is_on_it() =>
        Gen.Select(Gen.ULong, Gen.ULong).Array[1, 2_000].Sample(targets =>
        {
            var filter = new SuppressionFilter(targets.Length);
            foreach (var (high, low) in targets) filter.Add(new(high, low));
            Assert.All(targets, t => Assert.True(filter.MayHave(new(t.Item1, t.Item2))));
        }, iter: 20);

    [Fact]
    public void Of_a_million_strangers_less_than_one_in_two_hundred_costs_a_query()
    {
        var filter = new SuppressionFilter(100_000);
        for (var i = 0; i < 200_000; i++) filter.Add(Hash($"on {i}"));   // Twice as many as it was made for.

        var suspects = Enumerable.Range(0, 100_000).Count(i => filter.MayHave(Hash($"off {i}")));

        Assert.InRange(suspects, 0, 500);
    }

    [Fact]
    public async Task More_than_a_batch_at_once_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _store.Add(
            [.. Enumerable.Range(0, SuppressionStore.BatchMax + 1).Select(i => Of($"u{i}@a.test"))], default));

    private async Task Reopen()
    {
        await _store.DisposeAsync();
        _store = new(Place.Database("suppressions.db"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
    }
}

public sealed class SuppressionStoreOnSqlite() : SuppressionStoreTests(new SqlitePlace());

public sealed class SuppressionStoreOnPostgres() : SuppressionStoreTests(new PostgresPlace());
