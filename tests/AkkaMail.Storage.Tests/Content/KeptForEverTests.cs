using System.Text.Json;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Sqlite;
using static AkkaMail.Storage.Tests.Content.Mails;

namespace AkkaMail.Storage.Tests.Content;

/// <summary>
/// Bytes that a program of data version 1 has stored are read for ever. A new form is a new file beside these; set
/// AKKAMAIL_KEEP_CONTENT to a folder to record what has none yet.
/// </summary>
public sealed class KeptForEverTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Content", "Kept");

    private static readonly SubmissionEnvelope Full = new(
        new("Åsa", "åsa@exämple.se"), [new("", "re@example.com")], [new("X-A", "b")],
        [new([new("Ж", "ж@пример.рф")], [new("", "c@example.com")], [new("", "b@example.com")], "Тема",
            [new("n", "名")], [new("order", "1")], [new("X-C", "d")])])
    {
        MailFrom = "bounce@example.com",
        Dressing = new("https://mail.example.com", "feedback@bounce.example.com", "broadcast:acme"),
    };

    private static readonly SubmissionEnvelope Chunked = Full with
    {
        Mails = [.. Enumerable.Range(0, 51).Select(n => Full.Mails[0] with { Subject = $"{n}" })],
    };

    private static Octets Blob(long id, long length) => new BlobOctets(new SqliteDatabase("content.db"), id, length);

    private static readonly Dictionary<string, MailContent> Contents = new()
    {
        ["content-composed"] = new("Привет, 世界 🎉", "日本語 \" \\ </script>", "<b>ü</b>",
            [new("résumé.pdf", "application/pdf", "cid1", [0, 1, 2, 255]), new("a", "b/c", null, [])]),
        ["content-empty"] = new("", null, null, []),
        ["content-with-blob"] = new("a", "b", null, [new("a.pdf", "application/pdf", null, Blob(7, 70_000))]),
        ["content-passed-on-blob"] = new("a", null, null, []) { Raw = Blob(8, 2_000_000) },
        ["content-submitted-blob"] = new("a", null, null, []) { Raw = Blob(9, 2_000_000), IsSubmitted = true },
        ["content-passed-on"] = new("Привет", null, null, []) { Raw = Octets.Of(new byte[] { 0, 13, 10, 255 }) },
        ["content-submitted"] = new("Привет", null, null, []) { Raw = Octets.Of(new byte[] { 0, 13, 10, 255 }), IsSubmitted = true },
    };

    public static TheoryData<string> ContentNames => [.. Contents.Keys];

    [Theory]
    [MemberData(nameof(ContentNames))]
    public void A_content_reads_as_what_it_was(string name)
    {
        var content = Contents[name];
        var stored = Recorded(name, ContentCoding.Encode(content));

        var read = Decode(stored);

        Assert.Equal((Json(content), content.IsSubmitted), (Json(read), read.IsSubmitted));
        Assert.Equal(content.Attachments.Select(a => Bytes(a.Octets)), read.Attachments.Select(a => Bytes(a.Octets)));
        Assert.Equal(Bytes(content.Raw), Bytes(read.Raw));
        Assert.Equal(stored, ContentCoding.Encode(read));
    }

    [Fact]
    public void An_envelope_in_one_row_reads_as_what_it_was()
    {
        var stored = Recorded("envelope", EnvelopeCoding.Encode(Full).Head);

        Assert.Equal(Json(Full), Json(EnvelopeCoding.DecodeHead(stored).Head));
    }

    [Fact]
    public void An_envelope_in_chunks_reads_as_what_it_was()
    {
        var encoded = EnvelopeCoding.Encode(Chunked);
        var head = EnvelopeCoding.DecodeHead(Recorded("envelope-head", encoded.Head));
        var mails = EnvelopeCoding.DecodeChunk(Recorded("envelope-chunk", encoded.Chunks[0]))
            .AddRange(EnvelopeCoding.DecodeChunk(Recorded("envelope-chunk-2", encoded.Chunks[1])));

        Assert.Equal(Json(Chunked), Json(head.Head with { Mails = mails }));
        Assert.Equal((50, 150, 153), (head.Chunks[1].MailsBefore, head.Chunks[1].MessagesBefore, head.Messages));
    }

    /// <summary>What a later program notes beside a mail without changing it.</summary>
    [Fact]
    public void A_field_that_was_added_later_is_skipped()
    {
        byte[] later = [0xFA, 0x7F, 3, (byte)'n', (byte)'e', (byte)'w'];   // Field 2047, three octets.

        var content = Decode([.. ContentCoding.Encode(Contents["content-composed"]), .. later]);
        var head = EnvelopeCoding.DecodeHead([.. EnvelopeCoding.Encode(Full).Head, .. later]);
        var chunk = EnvelopeCoding.DecodeChunk([.. EnvelopeCoding.Encode(Chunked).Chunks[1], .. later]);

        Assert.Equal(Json(Contents["content-composed"]), Json(content));
        Assert.Equal(Json(Full), Json(head.Head));
        Assert.Equal("50", chunk[0].Subject);
    }

    /// <summary>
    /// What changes a mail has a version, and who does not know it sends nothing instead of another mail: it waits for a
    /// program that does, as it waits for a store that does not answer.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void A_version_that_is_not_known_is_refused(byte version)
    {
        byte[] Of(byte[] stored) => [version, .. stored.AsSpan(1)];
        var envelope = EnvelopeCoding.Encode(Chunked);

        Assert.Throws<StoreException>(() => Decode(Of(ContentCoding.Encode(Saying("a")))));
        Assert.Throws<StoreException>(() => EnvelopeCoding.DecodeHead(Of(envelope.Head)));
        Assert.Throws<StoreException>(() => EnvelopeCoding.DecodeChunk(Of(envelope.Chunks[0])));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1, 10, 200 })]
    [InlineData(new byte[] { 1, 255, 255, 255 })]
    public void What_is_damaged_is_said_to_be(byte[] stored)
    {
        Assert.Throws<InvalidDataException>(() => Decode(stored));
        Assert.Throws<InvalidDataException>(() => EnvelopeCoding.DecodeChunk(stored));
    }

    /// <summary>Half of a surrogate pair has no UTF-8: it would fail the commit of all who share it.</summary>
    [Fact]
    public void Text_that_does_not_encode_is_mended() => Assert.Equal(
        "a\uFFFD", Decode(ContentCoding.Encode(Saying("a\uD800"))).Subject);

    private static byte[] Recorded(string name, byte[] now)
    {
        var file = $"0.1-{name}.bin";
        if (Environment.GetEnvironmentVariable("AKKAMAIL_KEEP_CONTENT") is { Length: > 0 } folder
            && !File.Exists(Path.Combine(folder, file)))
            File.WriteAllBytes(Path.Combine(folder, file), now);
        return File.ReadAllBytes(Path.Combine(Folder, file));
    }

    private static MailContent Decode(byte[] stored) =>
        ContentCoding.Decode(stored, Blob);

    private static byte[] Bytes(Octets? octets) => octets switch
    {
        null => [],
        BlobOctets blob => [.. BitConverter.GetBytes(blob.Id), .. BitConverter.GetBytes(blob.Length)],
        _ => octets.InMemory!.Value.ToArray(),
    };

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
