using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Content;
using static AkkaMail.Storage.Tests.Content.Mails;

namespace AkkaMail.Storage.Tests.Content;

/// <summary>Files that are too large for a row: they lie apart, once, and go with the last mail that has them.</summary>
public abstract class BlobTests(StorePlace place) : StoreTests(place)
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected ContentStore Open() => new(
        Place.Database("content.db"), new() { EnvelopeKeptLonger = TimeSpan.Zero, CacheBytesMax = 1 << 20 });

    protected static byte[] File(int bytes, int seed = 1)
    {
        var file = new byte[bytes];
        new Random(seed).NextBytes(file);
        return file;
    }

    protected static MailContent With(params byte[][] files) => Saying("a") with
    {
        Attachments = [.. files.Select((f, i) => new Attachment($"{i}.pdf", "application/pdf", null, f))],
    };

    private static byte[] Bytes(Octets octets)
    {
        using var read = new MemoryStream();
        using var stream = octets.Open();
        stream.CopyTo(read);
        return read.ToArray();
    }

    protected long Blobs => Place.Count("content.db", "blobs WHERE piece = 0");

    [Theory]
    [InlineData(65_535, 0)]
    [InlineData(65_536, 1)]
    [InlineData(262_144, 1)]
    [InlineData(262_145, 2)]
    [InlineData(3_000_000, 12)]
    public async Task A_file_of_64_KB_lies_in_pieces_of_256_KB(int bytes, int pieces)
    {
        long id;
        await using (var store = Open()) id = await store.Write(Tenant, With(File(bytes)), Envelope("a@b.test"), Later, None);

        await using var second = Open();
        var mail = await second.Read(id, 0, None);

        Assert.Equal(pieces, Place.Count("content.db", "blobs"));
        Assert.Equal(bytes, mail!.Content.Attachments[0].Octets.Length);
        Assert.Equal(File(bytes), Bytes(mail.Content.Attachments[0].Octets));
    }

    [Fact]
    public async Task It_can_be_read_from_anywhere()
    {
        await using var store = Open();
        var id = await store.Write(Tenant, With(File(600_000)), Envelope("a@b.test"), Later, None);
        await using var stream = (await store.Read(id, 0, None))!.Content.Attachments[0].Octets.Open();
        var some = new byte[10];

        foreach (var at in (int[])[599_990, 262_140, 0, 300_000])
        {
            stream.Position = at;
            await stream.ReadExactlyAsync(some);
            Assert.Equal(File(600_000)[at..(at + 10)], some);
        }
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
    }

    /// <summary>A file of the caller's, as a body or a mail is while it comes in.</summary>
    [Fact]
    public async Task Octets_that_lie_in_a_file_are_stored_from_there_behind_what_is_put_before_them()
    {
        await using var store = Open();
        using var file = new MemoryStream(File(2_000_000));
        var content = Saying("a") with { Raw = Octets.Of("head"u8.ToArray(), file, 1_000), IsSubmitted = true };

        var id = await store.Write(Tenant, content, Envelope("a@b.test"), Later, None);

        Assert.Equal(Encoding.ASCII.GetBytes("head").Concat(File(2_000_000)[1_000..]), Bytes((await store.Read(id, 0, None))!.Content.Raw!));
        Assert.Equal(1, Blobs);
    }

    /// <summary>A mail that came in a file, and is small without what it said to us alone.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task What_lies_in_a_file_lies_apart_however_small_it_is(int bytes)
    {
        await using var store = Open();
        using var file = new MemoryStream(File(bytes));
        var content = Saying("a") with
        {
            Raw = Octets.Of(default, file, 0),
            Attachments = [new("a", "b/c", null, Octets.Of(default, file, 0))],
        };

        var mail = await store.Read(await store.Write(Tenant, content, Envelope("a@b.test"), Later, None), 0, None);

        Assert.Equal(File(bytes), Bytes(mail!.Content.Raw!));
        Assert.Equal(File(bytes), Bytes(mail.Content.Attachments[0].Octets));
    }

    [Fact]
    public async Task One_that_a_tenant_sends_again_that_day_lies_once_and_nobody_elses_does()
    {
        await using var store = Open();
        for (var i = 0; i < 3; i++)
            await store.Write(Tenant, With(File(70_000)) with { Subject = $"{i}" }, Envelope($"r{i}@b.test"), Later, None);
        Assert.Equal(1, Blobs);

        await store.Write("other", With(File(70_000)), Envelope("a@b.test"), Later, None);
        Assert.Equal(2, Blobs);

        await store.Write(Tenant, With(File(70_000)), Envelope("a@b.test"), Later.AddDays(1), None);
        Assert.Equal(3, Blobs);

        await store.Write(Tenant, With(File(70_000, seed: 2)), Envelope("a@b.test"), Later, None);
        Assert.Equal(4, Blobs);
    }

    [Fact]
    public async Task It_goes_with_the_last_mail_that_names_it()
    {
        await using var store = Open();
        var first = await store.Write(Tenant, With(File(70_000)), Envelope("a@b.test"), Later, None);
        var second = await store.Write(Tenant, With(File(70_000), File(90_000)), Envelope("a@b.test"), Later, None);
        Assert.Equal(2, Blobs);

        await store.Erase(second, None);
        Assert.Equal(1, Blobs);
        await store.Erase(first, None);

        Assert.Equal((0, 0), (Blobs, Place.Count("content.db", "blob_uses")));
    }

    [Fact]
    public async Task It_goes_when_the_time_of_its_content_is_over()
    {
        await using var store = Open();
        await store.Write(Tenant, With(File(70_000)), Envelope("a@b.test"), Noon, None);

        await store.Prune(Noon.AddDays(1), None);

        Assert.Equal(0, Blobs);
    }

    /// <summary>It was found, and then its only other mail was erased: it is written again.</summary>
    [Fact]
    public async Task One_that_went_meanwhile_is_stored_anew()
    {
        await using var store = Open();
        var first = await store.Write(Tenant, With(File(70_000)), Envelope("a@b.test"), Later, None);
        await store.Erase(first, None);

        var second = await store.Write(Tenant, With(File(70_000)), Envelope("a@b.test"), Later, None);

        Assert.Equal(File(70_000), Bytes((await store.Read(second, 0, None))!.Content.Attachments[0].Octets));
    }

    [Fact]
    public async Task One_that_is_gone_or_short_is_said_to_be_and_never_sent_as_if_it_were_whole()
    {
        await using var store = Open();
        var id = await store.Write(Tenant, With(File(300_000)), Envelope("a@b.test"), Later, None);
        var octets = (await store.Read(id, 0, None))!.Content.Attachments[0].Octets;
        Place.Execute("content.db", "UPDATE blobs SET octets = substr(octets, 2) WHERE piece = 1");

        Assert.Throws<StoreException>(() => Bytes(octets));

        Place.Execute("content.db", "DELETE FROM blobs");
        Assert.Throws<StoreException>(() => Bytes(octets));
    }

    /// <summary>Whoever gives up a file drops it unless a mail names it, also one of the same commit.</summary>
    [Fact]
    public async Task A_file_that_a_mail_of_the_same_commit_names_is_not_dropped()
    {
        await using (Open()) { }
        using var session = Session();
        var hash = ContentHash.Of([1], Tenant, Later);
        session.Begin();
        var blob = session.AddPiece(null, 0, [1], Later);
        session.EndBlob(hash, blob);
        session.Add(hash, [1], [blob], EnvelopeCoding.Encode(Envelope("a@b.test")), Later);

        var dropped = session.DropBlob(blob);
        session.Commit();

        Assert.Equal((0, 1), (dropped, Blobs));
    }

    private protected abstract ContentSession Session();
}

public sealed class BlobOnSqlite() : BlobTests(new SqlitePlace())
{
    private protected override ContentSession Session() => new SqliteContentSession(Place.Database("content.db"), Later);

    [Fact]
    public async Task What_a_crash_or_a_client_that_left_has_left_is_nobodys_and_goes()
    {
        await using (var store = Open())
        {
            await store.Write(Tenant, With(File(70_000)), Envelope("a@b.test"), Later, None);
            using var cancelled = new CancellationTokenSource();
            cancelled.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                store.Write(Tenant, With(File(90_000)), Envelope("a@b.test"), Later, cancelled.Token));
        }
        Place.Execute("content.db", "INSERT INTO blobs VALUES (999, 0, x'00'), (999, 1, x'00')");

        await using var second = Open();

        Assert.Equal(1, Blobs);
    }
}

public sealed class BlobOnPostgres() : BlobTests(new PostgresPlace())
{
    private protected override ContentSession Session() =>
        new PostgresContentSession(((PostgresPlace)Place).Database("content.db"));
}
