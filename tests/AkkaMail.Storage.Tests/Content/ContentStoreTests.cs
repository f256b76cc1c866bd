using System.Text.Json;
using AkkaMail.Core.Content;
using AkkaMail.Storage.Content;
using static AkkaMail.Storage.Tests.Content.Mails;

namespace AkkaMail.Storage.Tests.Content;

public sealed class ContentStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempDirectory _directory = new();

    private ContentStore Open(ContentStoreOptions? options = null) => new(_directory.File("content.db"), options);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Concurrent_writes_share_commits()
    {
        await using var store = Open();

        var ids = await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            store.Write(Saying($"s{i}"), Envelope($"r{i}@example.com"), Later, None)));

        Assert.Equal(500, ids.Distinct().Count());
        Assert.InRange(store.Commits, 1, 250);
        Assert.Equal("r7@example.com", Address(await store.Read(ids[7], None)));
    }

    [Fact]
    public async Task The_same_content_is_stored_once()
    {
        await using var store = Open();

        for (var i = 0; i < 10; i++) await store.Write(Saying("same"), Envelope($"r{i}@example.com"), Later, None);

        Assert.Equal(1, _directory.Count("content.db", "bodies"));
        Assert.Equal(10, _directory.Count("content.db", "envelopes"));
    }

    [Fact]
    public async Task A_restart_reads_back_what_was_written_in_any_script()
    {
        var content = new MailContent(
            "Привет, 世界 🎉", "日本語 \" \\ \u2028 </script>", "<b>ü</b>",
            [new("résumé.pdf", "application/pdf", "cid1", [0, 1, 2, 255])]);
        var envelope = new SubmissionEnvelope(
            new("Åsa", "åsa@exämple.se"), new("", "re@example.com"), [new("X-A", "b")],
            [new([new("Ж", "ж@пример.рф")], [new("", "c@example.com")], [new("", "b@example.com")], "Тема",
                [new("n", "名")], [new("order", "1")], [new("X-C", "d")])]);
        long id;
        await using (var store = Open()) id = await store.Write(content, envelope, Later, None);

        await using var second = Open();
        var mail = await second.Read(id, None);

        Assert.Equal(JsonSerializer.Serialize(new StoredMail(content, envelope)), JsonSerializer.Serialize(mail));
    }

    [Fact]
    public async Task Ids_of_erased_envelopes_never_come_back()
    {
        long erased;
        await using (var store = Open())
        {
            await store.Write(Saying("a"), Envelope("a@example.com"), Later, None);
            erased = await store.Write(Saying("b"), Envelope("b@example.com"), Later, None);
            await store.Erase(erased, None);
            Assert.Null(await store.Read(erased, None));
        }

        await using var second = Open();
        var next = await second.Write(Saying("c"), Envelope("c@example.com"), Later, None);

        Assert.True(next > erased);
        Assert.Null(await second.Read(erased, None));
    }

    [Fact]
    public async Task Erasing_one_envelope_keeps_the_content_another_needs()
    {
        await using var store = Open();
        var first = await store.Write(Saying("same"), Envelope("a@example.com"), Later, None);
        var second = await store.Write(Saying("same"), Envelope("b@example.com"), Later, None);

        await store.Erase(first, None);
        Assert.Equal("b@example.com", Address(await store.Read(second, None)));
        await store.Erase(second, None);

        Assert.Equal(0, _directory.Count("content.db", "bodies"));
        Assert.Equal(0, _directory.Count("content.db", "contents"));
    }

    [Fact]
    public async Task Prune_takes_bodies_first_and_envelopes_later_and_keeps_what_is_needed()
    {
        await using var store = Open(new() { EnvelopeKeptLonger = TimeSpan.FromDays(30) });
        var old = await store.Write(Saying("old"), Envelope("old@example.com"), Noon, None);
        var shared = await store.Write(Saying("shared"), Envelope("s1@example.com"), Noon, None);
        await store.Write(Saying("shared"), Envelope("s2@example.com"), Later, None);

        Assert.Equal(1, await store.Prune(Noon.AddDays(1), None));

        Assert.Null(await store.Read(old, None));
        Assert.NotNull(await store.Read(shared, None));
        Assert.Contains(old, await store.ReadEnvelopes([old, shared], None));

        Assert.Equal(3, await store.Prune(Noon.AddDays(31), None));   // Both older envelopes, and the shared body.

        Assert.Empty(await store.ReadEnvelopes([old, shared], None));
        Assert.Equal(1, _directory.Count("content.db", "envelopes"));
    }

    [Fact]
    public async Task Prune_works_in_batches_until_nothing_is_left()
    {
        await using var store = Open(new() { EnvelopeKeptLonger = TimeSpan.Zero, WaitingMax = 2_000 });
        await Task.WhenAll(Enumerable.Range(0, 1_200).Select(i =>
            store.Write(Saying($"s{i}"), Envelope("a@example.com"), Noon, None)));

        Assert.Equal(2_400, await store.Prune(Noon.AddDays(1), None));

        Assert.Equal(0, _directory.Count("content.db", "bodies"));
    }

    [Fact]
    public async Task Memory_stays_within_the_bound()
    {
        await using var store = Open(new() { CacheBytesMax = 100_000 });
        var ids = new List<long>();

        for (var i = 0; i < 50; i++)
            ids.Add(await store.Write(
                Saying($"{i}") with { Text = new('x', 5_000) }, Envelope($"r{i}@example.com"), Later, None));

        Assert.InRange(store.CachedBytes, 1, 100_000);
        foreach (var id in ids) Assert.NotNull(await store.Read(id, None));
        Assert.InRange(store.CachedBytes, 1, 100_000);
    }

    [Fact]
    public async Task Envelopes_for_a_list_come_by_id()
    {
        long first, second;
        await using (var store = Open())
        {
            first = await store.Write(Saying("a"), Envelope("a@example.com"), Later, None);
            second = await store.Write(Saying("b"), Envelope("b@example.com"), Later, None);
        }
        await using var reopened = Open();
        await reopened.Read(first, None);

        var envelopes = await reopened.ReadEnvelopes([first, second, 999], None);

        Assert.Equal([first, second], envelopes.Keys.Order());
        Assert.Equal("b@example.com", envelopes[second].Mails[0].To[0].Address);
    }
}
