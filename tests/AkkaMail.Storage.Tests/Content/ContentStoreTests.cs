using System.Text.Json;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Sqlite;
using static AkkaMail.Storage.Tests.Content.Mails;

namespace AkkaMail.Storage.Tests.Content;

public abstract class ContentStoreTests(StorePlace place) : StoreTests(place)
{
    private static readonly CancellationToken None = CancellationToken.None;

    protected ContentStore Open(ContentStoreOptions? options = null) => new(Place.Database("content.db"), options);

    [Fact]
    public async Task Concurrent_writes_share_commits()
    {
        await using var store = Open();

        var ids = await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            store.Write(Tenant, Saying($"s{i}"), Envelope($"r{i}@example.com"), Later, None)));

        Assert.Equal(500, ids.Distinct().Count());
        Assert.InRange(store.Commits, 1, 250);
        Assert.Equal("r7@example.com", Address(await store.Read(ids[7], 0, None)));
    }

    [Fact]
    public async Task The_same_content_is_stored_once()
    {
        await using var store = Open();

        for (var i = 0; i < 10; i++) await store.Write(Tenant, Saying("same"), Envelope($"r{i}@example.com"), Later, None);

        Assert.Equal(1, Place.Count("content.db", "bodies"));
        Assert.Equal(10, Place.Count("content.db", "envelopes"));
    }

    [Fact]
    public async Task A_restart_reads_back_what_was_written_in_any_script()
    {
        var content = new MailContent(
            "Привет, 世界 🎉", "日本語 \" \\ \u2028 </script>", "<b>ü</b>",
            [new("résumé.pdf", "application/pdf", "cid1", [0, 1, 2, 255])]);
        var envelope = new SubmissionEnvelope(
            new("Åsa", "åsa@exämple.se"), [new("", "re@example.com"), new("Bo", "bo@example.com")], [new("X-A", "b")],
            [new([new("Ж", "ж@пример.рф")], [new("", "c@example.com")], [new("", "b@example.com")], "Тема",
                [new("n", "名")], [new("order", "1")], [new("X-C", "d")])]);
        long id;
        await using (var store = Open()) id = await store.Write(Tenant, content, envelope, Later, None);

        await using var second = Open();
        var mail = await second.Read(id, 0, None);

        Assert.Equal(JsonSerializer.Serialize(new StoredMail(content, envelope)), JsonSerializer.Serialize(mail));
    }

    [Fact]
    public async Task Ids_of_erased_envelopes_never_come_back()
    {
        long erased;
        await using (var store = Open())
        {
            await store.Write(Tenant, Saying("a"), Envelope("a@example.com"), Later, None);
            erased = await store.Write(Tenant, Saying("b"), Envelope("b@example.com"), Later, None);
            await store.Erase(erased, None);
            Assert.Null(await store.Read(erased, 0, None));
        }

        await using var second = Open();
        var next = await second.Write(Tenant, Saying("c"), Envelope("c@example.com"), Later, None);

        Assert.True(next > erased);
        Assert.Null(await second.Read(erased, 0, None));
    }

    [Fact]
    public async Task Erasing_one_envelope_keeps_the_content_another_needs()
    {
        await using var store = Open();
        var first = await store.Write(Tenant, Saying("same"), Envelope("a@example.com"), Later, None);
        var second = await store.Write(Tenant, Saying("same"), Envelope("b@example.com"), Later, None);

        await store.Erase(first, None);
        Assert.Equal("b@example.com", Address(await store.Read(second, 0, None)));
        await store.Erase(second, None);

        Assert.Equal(0, Place.Count("content.db", "bodies"));
    }

    [Fact]
    public async Task Prune_takes_bodies_first_and_envelopes_later_and_keeps_what_is_needed()
    {
        await using var store = Open(new() { EnvelopeKeptLonger = TimeSpan.FromDays(30) });
        var old = await store.Write(Tenant, Saying("old"), Envelope("old@example.com"), Noon, None);
        var shared = await store.Write(Tenant, Saying("shared"), Envelope("s1@example.com"), Noon, None);
        var longer = await store.Write(Tenant, Saying("shared"), Envelope("s2@example.com"), Noon.AddDays(60), None);

        Assert.True(await store.Prune(Noon.AddDays(1), None) > 0);

        Assert.Null(await store.Read(old, 0, None));
        Assert.Null(await store.Read(shared, 0, None));
        Assert.Equal("shared", (await store.Read(longer, 0, None))!.Content.Subject);
        Assert.Contains((old, 0), await store.ReadEnvelopes([(old, 0), (shared, 0)], None));
        Assert.Equal(1, Place.Count("content.db", "bodies"));

        Assert.True(await store.Prune(Noon.AddDays(31 + 7), None) > 0);   // By weeks, where they are dropped as a whole.

        Assert.Empty(await store.ReadEnvelopes([(old, 0), (shared, 0)], None));
        Assert.Equal(1, Place.Count("content.db", "envelopes"));
    }

    [Fact]
    public async Task Prune_works_in_batches_until_nothing_is_left()
    {
        await using var store = Open(new() { EnvelopeKeptLonger = TimeSpan.Zero, WaitingMax = 2_000 });
        await Task.WhenAll(Enumerable.Range(0, 1_200).Select(i =>
            store.Write(Tenant, Saying($"s{i}"), Envelope("a@example.com"), Noon, None)));

        Assert.True(await store.Prune(Noon.AddDays(1 + 7), None) > 0);

        Assert.Equal((0, 0), (Place.Count("content.db", "bodies"), Place.Count("content.db", "envelopes")));
    }

    [Fact]
    public async Task Memory_lets_go_of_a_mail_with_the_first_attempt_of_its_last_recipient()
    {
        await using var store = Open();
        var id = await store.Write(Tenant, Saying("a"), Envelope("a@example.com", "b@example.com"), Later, None);

        Assert.NotNull(await store.Take(id, 0, None));
        Assert.NotEqual(0, store.CachedBytes);
        Assert.NotNull(await store.Take(id, 1, None));
        Assert.Equal(0, store.CachedBytes);

        Assert.NotNull(await store.Take(id, 0, None));   // A retry reads the file.
        Assert.NotNull(await store.Read(id, 0, None));
    }

    [Fact]
    public async Task What_was_pruned_does_not_live_on_in_memory()
    {
        await using var store = Open();
        var id = await store.Write(Tenant, Saying("a"), Envelope("a@example.com"), Noon, None);

        await store.Prune(Noon.AddDays(1), None);

        Assert.Null(await store.Take(id, 0, None));
    }

    [Fact]
    public async Task A_mail_of_a_newer_program_waits_and_hides_no_other_of_a_list()
    {
        await using var store = Open(new() { CacheBytesMax = 0 });
        var newer = await store.Write(Tenant, Saying("a"), Envelope("a@example.com"), Later, None);
        Place.Execute("content.db", Place.Database("content.db").Text(new(
            "UPDATE envelopes SET body = CAST(x'02' || substr(body, 2) AS BLOB)",
            "UPDATE envelopes SET body = set_byte(body, 0, 2)")));
        var other = await store.Write(Tenant, Saying("b"), Envelope("b@example.com"), Later, None);

        await Assert.ThrowsAsync<StoreException>(async () => await store.Take(newer, 0, None));

        Assert.Equal([(other, 0)], (await store.ReadEnvelopes([(newer, 0), (other, 0)], None)).Keys);
        Assert.Null(await store.FindRecipient(newer, 0, None));
    }

    [Fact]
    public async Task Memory_stays_within_the_bound()
    {
        await using var store = Open(new() { CacheBytesMax = 100_000 });
        var ids = new List<long>();

        for (var i = 0; i < 50; i++)
            ids.Add(await store.Write(Tenant,
                Saying($"{i}") with { Text = new('x', 5_000) }, Envelope($"r{i}@example.com"), Later, None));

        Assert.InRange(store.CachedBytes, 1, 100_000);
        foreach (var id in ids) Assert.NotNull(await store.Read(id, 0, None));
        Assert.InRange(store.CachedBytes, 1, 100_000);
    }

    [Fact]
    public async Task Envelopes_for_a_list_come_by_id()
    {
        long first, second;
        await using (var store = Open())
        {
            first = await store.Write(Tenant, Saying("a"), Envelope("a@example.com"), Later, None);
            second = await store.Write(Tenant, Saying("b"), Envelope("b@example.com"), Later, None);
        }
        await using var reopened = Open();
        await reopened.Read(first, 0, None);

        var envelopes = await reopened.ReadEnvelopes([(first, 0), (second, 0), (999, 0)], None);

        Assert.Equal([(first, 0), (second, 0)], envelopes.Keys.Order());
        Assert.Equal("b@example.com", envelopes[(second, 0)].Mails[0].To[0].Address);
    }
}

public sealed class ContentStoreOnSqlite() : ContentStoreTests(new SqlitePlace())
{
    /// <summary>The journal names the first one for ever: the second must not answer to its id.</summary>
    [Fact]
    public async Task An_id_that_a_lost_file_has_given_is_given_to_nobody_else()
    {
        long before;
        await using (var store = Open()) before = await store.Write(Tenant, Saying("a"), Envelope("a@example.com"), Later, default);
        foreach (var end in (string[])["", "-wal", "-shm"]) File.Delete(((SqlitePlace)Place).File("content.db" + end));

        await using var anew = Open();
        var after = await anew.Write(Tenant, Saying("b"), Envelope("b@example.com"), Later, default);

        Assert.NotEqual(before, after);
        Assert.Null(await anew.Read(before, 0, default));
    }
}

public sealed class ContentStoreOnPostgres() : ContentStoreTests(new PostgresPlace());
