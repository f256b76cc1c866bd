using AkkaMail.Core.Shaping;
using AkkaMail.Storage.Sites;
using Xunit;

namespace AkkaMail.Storage.Tests.Sites;

public abstract class SiteLogTests(StorePlace place) : StoreTests(place)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static SiteChange Change(string site, DateTimeOffset at, string domain = "a.test") =>
        new(domain, at, site, site == "google" ? "google" : null, "its MX host", ["mx1.a.test", "mx2.a.test"], "v1");

    [Fact]
    public async Task Only_a_change_is_kept_also_over_a_restart()
    {
        await using (var log = new SiteLog(Place.Database("sites.db")))
        {
            Assert.True(await log.Note(Change("mx.a.test", Noon), default));
            Assert.False(await log.Note(Change("mx.a.test", Noon.AddHours(1)), default));
        }
        await using var again = new SiteLog(Place.Database("sites.db"));
        Assert.False(await again.Note(Change("mx.a.test", Noon.AddHours(2)), default));
        Assert.True(await again.Note(Change("google", Noon.AddHours(3)), default));
        Assert.True(await again.Note(Change("google", Noon, "b.test"), default));

        var changes = await again.Of("a.test", default);
        Assert.Equal(["google", "mx.a.test"], changes.Select(c => c.Site));
        Assert.Equivalent(Change("google", Noon.AddHours(3)), changes[0]);
    }

    [Fact]
    public async Task A_clock_that_goes_back_does_not_turn_history_round()
    {
        await using var log = new SiteLog(Place.Database("sites.db"));
        await log.Note(Change("mx.a.test", Noon), default);
        await log.Note(Change("google", Noon.AddHours(-1)), default);

        Assert.Equal(["google", "mx.a.test"], (await log.Of("a.test", default)).Select(c => c.Site));
    }

    [Fact]
    public async Task Of_a_domain_that_changes_for_ever_the_newest_hundred_stay()
    {
        await using var log = new SiteLog(Place.Database("sites.db"));
        for (var i = 0; i < SiteLog.ChangesOfDomainMax + 20; i++)
            await log.Note(Change($"mx{i}.a.test", Noon.AddMinutes(i)), default);

        var changes = await log.Of("a.test", default);
        Assert.Equal(SiteLog.ChangesOfDomainMax, changes.Length);
        Assert.Equal($"mx{SiteLog.ChangesOfDomainMax + 19}.a.test", changes[0].Site);
    }

    [Fact]
    public async Task What_is_old_goes()
    {
        await using var log = new SiteLog(Place.Database("sites.db"));
        await log.Note(Change("mx.a.test", Noon), default);
        await log.Note(Change("google", Noon.AddDays(10)), default);

        Assert.Equal(0, await log.Prune(Noon.AddDays(9), default));   // It was at mx.a.test by then.
        Assert.Equal(1, await log.Prune(Noon.AddDays(10), default));
        Assert.Equal(0, await log.Prune(Noon.AddDays(900), default));
        Assert.Equal(["google"], (await log.Of("a.test", default)).Select(c => c.Site));
    }
}

public sealed class SiteLogOnSqlite() : SiteLogTests(new SqlitePlace());

public sealed class SiteLogOnPostgres() : SiteLogTests(new PostgresPlace());
