using AkkaMail.Core.Mail;
using AkkaMail.Core.Rules;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.History;
using Xunit;

namespace AkkaMail.Storage.Tests.History;

public abstract class HistoryStoreTests(StorePlace place) : StoreTests(place)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RulesText Shipped = new(RulesKind.Shaping, "1f3a", null, "{}");
    private static readonly RulesText Own = new(RulesKind.Shaping, "ours+77aa", "1f3a", "{\"version\": \"ours\"}\n");
    private static readonly RulesText Bounces = new(RulesKind.Bounces, "2026-11+0000", null, "[]");

    private HistoryStore Open() => new(Place.Database("history.db"));

    private static NodeStart Start(string node, DateTimeOffset at) => new(node, "0.1.0", "abc", at);

    [Fact]
    public async Task A_text_is_found_by_its_version_as_it_was_written_also_over_a_restart()
    {
        Open().Keep("a#1", [Shipped, Own], Noon);
        Open().Keep("a#2", [Shipped, Own], Noon.AddDays(1));

        var found = await Open().Find(RulesKind.Shaping, "ours+77aa", default);

        Assert.Equal(new(2, Own, Noon, "a#1"), found);
        Assert.Null(await Open().Find(RulesKind.Bounces, "ours+77aa", default));
    }

    [Fact]
    public async Task The_list_has_the_newest_first_and_no_texts()
    {
        var store = Open();
        store.Keep("a#1", [Shipped, Own], Noon);
        store.Keep("a#1", [Bounces], Noon);

        var all = await store.Rules(null, before: null, limit: 10, default);
        Assert.Equal([Bounces.Version, Own.Version, Shipped.Version], all.Select(r => r.Text.Version));
        Assert.All(all, r => Assert.Empty(r.Text.Text));
        Assert.Equal([Own.Version], (await store.Rules(RulesKind.Shaping, before: 3, limit: 1, default)).Select(r => r.Text.Version));
    }

    [Fact]
    public async Task A_version_has_one_text_for_ever()
    {
        var store = Open();
        store.Keep("a#1", [Shipped, Own], Noon);

        Assert.Throws<StoreException>(() => store.Keep("a#1", [Shipped, Own with { Text = "{}" }], Noon));

        Assert.Equal(Own.Text, (await store.Find(RulesKind.Shaping, Own.Version, default))!.Text.Text);
    }

    [Fact]
    public async Task A_node_is_told_with_the_rules_it_went_by_and_its_end()
    {
        var store = Open();
        store.Begin(Start("a#1", Noon));
        store.Keep("a#1", [Shipped], Noon);
        store.Keep("a#1", [Bounces], Noon);
        store.Keep("a#1", [Shipped, Own], Noon.AddHours(1));
        store.Keep("a#1", [Shipped], Noon.AddHours(-1));   // The clock went back.
        store.Seen("a#1", Noon.AddHours(2));
        Assert.Equal((Noon.AddHours(2), null, null), EndOf((await store.Nodes(null, 10, default)).Single()));

        store.End("a#1", Noon.AddHours(3));

        var life = (await store.Nodes(null, 10, default)).Single();
        Assert.Equal((Noon.AddHours(3), Noon.AddHours(3), NodeEnd.Stopped), EndOf(life));
        Assert.Equal(Start("a#1", Noon), life.Start);
        Assert.Equal([Shipped.Version, Own.Version, Shipped.Version],
            life.InForce.Where(r => r.Kind == RulesKind.Shaping).Select(r => r.Version));
    }

    [Fact]
    public async Task Who_said_nothing_is_found_lost_by_the_next_start()
    {
        var store = Open();
        store.Begin(Start("a#1", Noon));
        store.Seen("a#1", Noon.AddMinutes(5));

        Assert.Equal([("a#1", Noon.AddMinutes(5))], Open().Begin(Start("a#2", Noon.AddHours(1))));
        store.End("a#2", Noon.AddHours(2));
        Assert.Empty(Open().Begin(Start("a#3", Noon.AddHours(3))));

        var lives = await store.Nodes(before: null, limit: 10, default);
        Assert.Equal(["a#3", "a#2", "a#1"], lives.Select(l => l.Start.Node));
        Assert.Equal((Noon.AddMinutes(5), null, NodeEnd.Lost), EndOf(lives[2]));
        Assert.Equal(["a#1"], (await store.Nodes(before: lives[1].Number, limit: 10, default)).Select(l => l.Start.Node));
    }

    [Fact]
    public async Task Rules_of_a_kind_that_only_a_newer_program_knows_are_passed_over()
    {
        var store = Open();
        store.Begin(Start("a#1", Noon));
        store.Keep("a#1", [Bounces], Noon);
        Place.Database("history.db").Write(connection =>
        {
            connection.Run("""
                INSERT INTO rules (kind, version, first_seen, node, text) VALUES ('engagement', 'v', 0, 'a#1', '');
                INSERT INTO in_force VALUES ('a#1', 'engagement', 0, 'v')
                """);
            return true;
        });

        Assert.Equal([Bounces.Version], (await store.Rules(null, null, 10, default)).Select(r => r.Text.Version));
        Assert.Equal([Bounces.Version], (await store.Nodes(null, 10, default)).Single().InForce.Select(r => r.Version));
    }

    private static (DateTimeOffset, DateTimeOffset?, NodeEnd?) EndOf(NodeLife life) => (life.SeenAt, life.EndedAt, life.End);
}

public sealed class HistoryStoreOnSqlite() : HistoryStoreTests(new SqlitePlace());

public sealed class HistoryStoreOnPostgres() : HistoryStoreTests(new PostgresPlace());
