using System.Text.Json;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Content;
using static AkkaMail.Storage.Tests.Content.Mails;

namespace AkkaMail.Storage.Tests.Content;

/// <summary>A submission of many mails: each message reads its own, and not what all others have.</summary>
public abstract class ManyMailsTests(StorePlace place) : StoreTests(place)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private ContentStore Open(long cache = 0) => new(Place.Database("content.db"), new() { CacheBytesMax = cache });

    private static Mailbox Box(string name) => new("", $"{name}@example.com");

    /// <summary>Mail n has as many recipients as <paramref name="each"/> says, and a variable of so many characters.</summary>
    private static SubmissionEnvelope Many(int mails, int characters, Func<int, int>? each = null) => new(
        Box("shop"), [], [], [.. Enumerable.Range(0, mails).Select(n => new MailEnvelope(
            [.. Enumerable.Range(0, each?.Invoke(n) ?? 1).Select(i => Box($"r{n}-{i}"))], [], [], null,
            [new("n", $"{n}"), new("x", new('x', characters))], [], []))]);

    [Theory]
    [InlineData(1, 100_000, 0)]    // Alone it may be as large as it is.
    [InlineData(50, 10, 0)]
    [InlineData(51, 10, 2)]
    [InlineData(120, 10, 3)]
    [InlineData(10, 9_000, 2)]
    [InlineData(4, 70_000, 4)]
    public async Task A_chunk_has_at_most_50_mails_or_64_KB(int mails, int characters, int chunks)
    {
        await using (var store = Open()) await store.Write(Tenant, Saying("a"), Many(mails, characters), Later, None);

        Assert.Equal(chunks, Place.Count("content.db", "envelope_chunks"));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L << 20)]
    public async Task Each_message_finds_its_mail_by_its_index(long cache)
    {
        var envelope = Many(130, 10, each: n => n % 3 + 1) with
        {
            MailFrom = "b@example.com",
            Dressing = new("https://x.example"),
        };
        await using var store = Open(cache);
        var id = await store.Write(Tenant, Saying("a"), envelope, Later, None);

        for (var index = 0; index < envelope.Recipients().Count(); index++)
        {
            var mail = (await store.Take(id, index, None))!;

            Assert.Equal(envelope.Find(index)!.Number, mail.Envelope.Find(index)!.Number);
            Assert.Equal(JsonSerializer.Serialize(envelope.Find(index)), JsonSerializer.Serialize(mail.Envelope.Find(index)));
            Assert.Equal((envelope.MailFrom, envelope.Dressing), (mail.Envelope.MailFrom, mail.Envelope.Dressing));
            Assert.InRange(mail.Envelope.Mails.Length, 1, 50);
        }

        Assert.Equal(0, store.CachedBytes);   // Each has had its first attempt.
        Assert.Null((await store.Read(id, 9_999, None))!.Envelope.Find(9_999));
    }

    [Fact]
    public async Task A_list_reads_of_each_submission_what_it_shows()
    {
        await using var store = Open();
        var (many, one) = (await store.Write(Tenant, Saying("a"), Many(130, 10), Later, None),
            await store.Write(Tenant, Saying("b"), Many(1, 10), Later, None));

        var found = await store.ReadEnvelopes([(many, 129), (many, 3), (many, 4), (one, 0), (many, 130), (77, 0)], None);

        Assert.Equal(["r129-0", "r3-0", "r4-0", "r0-0"], new[] { (many, 129), (many, 3), (many, 4), (one, 0) }
            .Select(m => found[m].Find(m.Item2)!.Recipient.LocalPart));
        Assert.Null(found[(many, 130)].Find(130));
        Assert.DoesNotContain((77L, 0), found);
        Assert.Equal("r129-0@example.com", (await store.FindRecipient(many, 129, None))!.Address);
    }

    [Fact]
    public async Task What_was_erased_is_gone_from_file_and_memory_with_all_its_chunks()
    {
        await using var store = Open(cache: 1L << 20);
        var id = await store.Write(Tenant, Saying("a"), Many(130, 10), Later, None);

        await store.Erase(id, None);

        Assert.Null(await store.Take(id, 129, None));
        Assert.Equal((0, 0L), (Place.Count("content.db", "envelope_chunks"), store.CachedBytes));
    }

    [Fact]
    public async Task Chunks_go_with_their_envelope_when_its_time_is_over()
    {
        await using var store = new ContentStore(
            Place.Database("content.db"), new() { EnvelopeKeptLonger = TimeSpan.Zero });
        await store.Write(Tenant, Saying("a"), Many(130, 10), Noon, None);

        await store.Prune(Noon.AddDays(1 + 7), None);

        Assert.Equal(0, Place.Count("content.db", "envelope_chunks"));
    }

    [Fact]
    public async Task Memory_keeps_the_mails_that_are_asked_for_first()
    {
        await using var store = Open(cache: 300_000);
        var id = await store.Write(Tenant, Saying("a"), Many(20, 20_000), Later, None);
        Place.Execute("content.db", "DELETE FROM envelope_chunks");

        Assert.NotNull(await store.Take(id, 0, None));
        Assert.NotNull(await store.Take(id, 5, None));
        Assert.Null(await store.Take(id, 19, None));
    }
}

public sealed class ManyMailsOnSqlite() : ManyMailsTests(new SqlitePlace());

public sealed class ManyMailsOnPostgres() : ManyMailsTests(new PostgresPlace());
