using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Postgres;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Suppression;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Postgres;

/// <summary>Two nodes write one database: what was read a moment ago may be another's by now.</summary>
public sealed class TwoNodesTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly PostgresPlace _place = new();
    private readonly PostgresServer _server;

    // As a node has it: what waits longer than a statement may is another test.
    public TwoNodesTests() => _server = new(_place.Server.ConnectionString.Replace("Command Timeout=3", "Command Timeout=10"));

    public void Dispose()
    {
        _server.Dispose();
        _place.Dispose();
    }

    private static NewSuppression Of(string address) => new(
        SuppressionKey.Of(SuppressionScope.Tenant, "acme", "", Hash(address)), address, SuppressionOrigin.Manual,
        SuppressionCause.None, null, "k1", Noon, null);

    private static async Task<bool> Refuses(SuppressionStore store, string address) =>
        (await store.Check("acme", "x", [(Hash(address), Hash("@a.test"))], Noon, default))[0] is not null;

    private static async Task Until(Func<Task<bool>> fact)
    {
        for (var since = TimeProvider.System.GetTimestamp(); !await fact(); await Task.Delay(20))
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Limit);
    }

    /// <summary>Has a number, and does not end.</summary>
    private DbConnection Open()
    {
        var connection = _place.Open("suppressions.db");
        connection.Run("BEGIN; SELECT pg_current_xact_id()");
        return connection;
    }

    [Fact]
    public async Task Whom_one_node_suppresses_the_other_refuses()
    {
        await using SuppressionStore one = new(_server.Schema("suppressions")), other = new(_server.Schema("suppressions"));
        Assert.False(await Refuses(other, "ann@a.test"));

        await one.Add([Of("ann@a.test")], default);

        var since = TimeProvider.System.GetTimestamp();
        await Until(() => Refuses(other, "ann@a.test"));
        Assert.True(TimeProvider.System.GetElapsedTime(since) < SuppressionNews.Late + SuppressionNews.Every);
    }

    [Fact]
    public async Task A_transaction_of_hours_holds_no_entry_back()
    {
        await using SuppressionStore one = new(_server.Schema("suppressions")), other = new(_server.Schema("suppressions"));
        using var open = Open();

        await one.Add([Of("ann@a.test")], default);

        await Until(() => Refuses(other, "ann@a.test"));
    }

    [Fact]
    public async Task An_entry_that_is_stored_late_with_an_early_number_is_found()
    {
        await using SuppressionStore one = new(_server.Schema("suppressions")), other = new(_server.Schema("suppressions"));
        using var late = _place.Open("suppressions.db");
        late.Run("""
            BEGIN; INSERT INTO entries (id, target, scope, tenant, stream, origin, by, at)
                VALUES (99, @a, 1, 'acme', '', 0, 'k1', 1)
            """, Hash("late@a.test").ToBytes());
        await one.Add([Of("ann@a.test")], default);
        await Until(() => Refuses(other, "ann@a.test"));   // It has read beyond the number of the other.

        late.Run("COMMIT");

        await Until(() => Refuses(other, "late@a.test"));
    }

    [Fact]
    public async Task With_more_than_is_read_again_the_table_is_asked_until_all_is_there()
    {
        await using var store = new SuppressionStore(_server.Schema("suppressions"));
        var found = new ConcurrentDictionary<Hash128, bool>();
        using var news = SuppressionNews.Begin(
            _server.Schema("suppressions"), SuppressionNews.Mark(_server.Schema("suppressions")), hash => found[hash] = true);
        using var open = Open();

        _place.Execute("suppressions.db", $"""
            INSERT INTO entries (id, target, scope, tenant, stream, origin, by, at)
            SELECT n, decode(lpad(to_hex(n), 32, '0'), 'hex'), 1, 'acme', '', 0, 'k1', 1
            FROM generate_series(1, {SuppressionNews.PendingMax + 1}) n
            """);

        await Until(() => Task.FromResult(!news.IsCurrent));
        Assert.True(found.Count <= SuppressionNews.PendingMax);
        open.Run("COMMIT");
        await Until(() => Task.FromResult(news.IsCurrent));
        Assert.Equal(SuppressionNews.PendingMax + 1, found.Count);
    }

    [Fact]
    public async Task Of_two_nodes_that_suppress_the_same_at_once_one_does()
    {
        await using SuppressionStore one = new(_server.Schema("suppressions")), other = new(_server.Schema("suppressions"));
        var all = Enumerable.Range(0, 400).Select(n => Of($"a{n}@a.test")).ToList();

        var added = await Task.WhenAll(Enumerable.Range(0, 6).SelectMany(_ =>
            (Task<(ImmutableArray<long> Ids, int New)>[])
            [one.Add(all, default), other.Add([.. all.AsEnumerable().Reverse()], default)]));

        Assert.Equal(400, added.Sum(a => a.New));
        Assert.Equal((400, 400), (_place.Count("suppressions.db", "entries"), _place.Count("suppressions.db", "events")));
        Assert.All(added, a => Assert.Equal(added[0].Ids.Order(), a.Ids.Order()));
    }

    [Fact]
    public async Task Of_two_nodes_that_see_a_domain_at_once_one_notes_it()
    {
        await using SiteLog one = new(_server.Schema("sites")), other = new(_server.Schema("sites"));
        SiteChange Seen(int n, string node) =>
            new($"d{n % 50}.test", Noon.AddTicks(n + (node == "b" ? 1 : 0)), "google", null, "mx", ["mx.test"], "v1");

        var noted = await Task.WhenAll(Enumerable.Range(0, 400).SelectMany(n => (Task<bool>[])
            [one.Note(Seen(n, "a"), default), other.Note(Seen(399 - n, "b"), default)]));

        Assert.Equal(50, noted.Count(isNew => isNew));
        Assert.Equal(50, _place.Count("sites.db", "site_changes"));
    }

    [Fact]
    public async Task Of_two_nodes_that_get_a_report_at_once_one_files_it_and_no_name_of_others_is_lost()
    {
        await using ReportStore one = new(_server.Schema("reports"), new()), other = new(_server.Schema("reports"), new());
        var day = DateOnly.FromDateTime(Noon.UtcDateTime);
        FiledReport Report(int n) =>
            new(ReportKind.Dmarc, "acme", "a.test", "a.test", "google.com", $"r{n}", day, "google.com", "mail", Noon);
        DmarcDay Source(int n) => new(day, "192.0.2.1", 1, 1, 1, 1, 0, 0)
        {
            AuthenticatedAs = $"n{n % DmarcDay.NamesMax}.test",
        };

        var filed = await Task.WhenAll(Enumerable.Range(0, 40).SelectMany(n => (Task<Filing>[])
            [one.Add(Report(n), [Source(n)], default), other.Add(Report(39 - n), [Source(39 - n)], default)]));

        Assert.Equal(40, filed.Count(f => f == Filing.New));
        using var connection = _place.Open("reports.db");
        Assert.Equal(40L, connection.Scalar("SELECT mails FROM dmarc_rows"));
        Assert.Equal(DmarcDay.NamesMax, ((string)connection.Scalar("SELECT authenticated_as FROM dmarc_rows")!).Split(' ').Length);
    }

    [Fact]
    public async Task What_one_node_takes_the_other_knows_and_reads()
    {
        await using InboundStore one = new(_server.Schema("returned"), 1_000), other = new(_server.Schema("returned"), 1_000);
        var chance = new byte[1_500];
        new Random(7).NextBytes(chance);   // Nothing to compress.
        NewInboundMail Came(byte[] bytes) => new(
            Noon, ReturnDoor.ReturnPath, new("b+x@bounce.test", "", "mx.test", "192.0.2.1"), null, null, bytes);

        await one.Add([Came(chance)], default);
        Assert.False(one.HasRoom(ReturnDoor.ReturnPath));
        await Until(() => Task.FromResult(!other.HasRoom(ReturnDoor.ReturnPath)));
        Assert.Equal(1, other.Waiting);

        var mail = Assert.Single(await other.Due([ReturnDoor.ReturnPath], Noon, 9, default));
        Assert.True(await other.Conclude(mail, mail.Reading with { Outcome = InboundOutcome.Noted }, default));
        Assert.False(await one.Conclude(mail, mail.Reading with { Outcome = InboundOutcome.Unclear }, default));
        await other.Prune(Noon.AddDays(1), default);
        Assert.True(other.HasRoom(ReturnDoor.ReturnPath));
        await Until(() => Task.FromResult(one.HasRoom(ReturnDoor.ReturnPath) && one.Waiting == 0));
    }

    [Fact]
    public async Task Sums_of_two_nodes_that_write_at_once_are_what_is_there()
    {
        await using InboundStore one = new(_server.Schema("returned"), 1_000_000), other = new(_server.Schema("returned"), 1_000_000);
        InboundStore[] nodes = [one, other];

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async n =>
        {
            var id = (await nodes[n % 2].Add([new(Noon, n % 3 == 0 ? ReturnDoor.People : ReturnDoor.ReturnPath,
                new("b+x@bounce.test", "", "mx.test", "192.0.2.1"), null, null, new byte[n + 1])], default))[0];
            if (n % 4 != 0) return;
            var mail = (await nodes[(n + 1) % 2].Find(id, default))!;
            await nodes[(n + 1) % 2].Conclude(mail, mail.Reading with { Outcome = InboundOutcome.Noted }, default);
        }));

        await Until(() => Task.FromResult(one.Waiting == 150 && other.Waiting == 150));
        using var connection = _place.Open("returned.db");
        Assert.Equal(0L, connection.Scalar("""
            SELECT count(*) FROM sums WHERE bytes <> (SELECT sum(length(bytes)) FROM bodies)
                OR waiting_sealed + waiting_open <> (SELECT count(*) FROM mails WHERE outcome = 0)
            """));
    }

    [Fact]
    public async Task Who_begins_takes_nobody_for_lost_who_lives()
    {
        var history = new HistoryStore(_server.Schema("history"));
        history.Begin(new("a#1", "0.1.0", "1f", Noon));

        Assert.Empty(history.Begin(new("b#1", "0.1.0", "1f", Noon.AddMinutes(2))));
        Assert.Equal([("a#1", Noon)], history.Lost(Noon + HistoryStore.StillSeen + TimeSpan.FromTicks(1)));
        Assert.Empty(history.Lost(Noon + HistoryStore.StillSeen + TimeSpan.FromTicks(1)));

        history.Seen("a#1", Noon.AddMinutes(4));   // It was its way to the database that was gone.
        Assert.All(await history.Nodes(null, 9, default), life => Assert.Null(life.End));
    }

    [Fact]
    public async Task A_node_that_stands_still_in_a_transaction_holds_nobody_up_for_long()
    {
        var db = _server.Schema("a");
        db.Migrate(new(new Dialects("", "CREATE TABLE counts (n BIGINT PRIMARY KEY, x BIGINT NOT NULL); INSERT INTO counts VALUES (1, 0)")));
        using var wakes = new ManualResetEventSlim();
        var hasBegun = new TaskCompletionSource();
        var frozen = Task.Run(() => db.Write(connection =>
        {
            connection.Run("UPDATE counts SET x = x + 1");
            hasBegun.TrySetResult();
            wakes.Wait();
            return connection.Run("UPDATE counts SET x = x + 1");
        }));
        await hasBegun.Task.WaitAsync(Limit);

        var since = TimeProvider.System.GetTimestamp();
        Assert.Equal(1, db.Write(connection => connection.Run("UPDATE counts SET x = x + 10")));

        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(9));
        wakes.Set();
        await Assert.ThrowsAsync<StoreException>(() => frozen);
        Assert.Equal(10L, db.Write(connection => connection.Scalar("SELECT x FROM counts")));
    }
}
