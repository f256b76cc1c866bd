using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Content;
using static AkkaMail.Storage.Tests.Content.Mails;

namespace AkkaMail.Storage.Tests.Content;

public sealed class RawContentTests : IDisposable
{
    private static readonly byte[] Every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
    private readonly TempDirectory _directory = new();

    private static MailContent Raw(byte[] octets) => new("Привет", null, null, []) { Raw = octets };

    [Fact]
    public async Task A_mail_that_is_passed_on_comes_back_octet_for_octet_after_a_restart()
    {
        long id;
        await using (var store = new ContentStore(_directory.Database("content.db")))
            id = await store.Write(Raw(Every), Envelope("a@example.com"), Later, default);

        await using var second = new ContentStore(_directory.Database("content.db"));
        var mail = await second.Read(id, default);

        Assert.Equal(Every, mail!.Content.Raw);
        Assert.Equal("Привет", mail.Content.Subject);
    }

    [Fact]
    public async Task Two_that_differ_in_one_octet_are_two_and_the_same_one_is_kept_once()
    {
        await using var store = new ContentStore(_directory.Database("content.db"));

        foreach (var octets in (byte[][])[[1, 2, 3], [1, 2, 3], [1, 2, 4], []])
            await store.Write(Raw(octets), Envelope("a@example.com"), Later, default);

        Assert.Equal(3, _directory.Count("content.db", "bodies"));
    }

    [Fact]
    public void What_was_stored_before_reads_as_it_did_and_is_written_as_it_was()
    {
        var stored = "\u0001{\"Subject\":\"Hi\",\"Text\":\"Hello\",\"Attachments\":[]}"u8.ToArray();

        var content = ContentCoding.DecodeContent(stored);

        Assert.Equal(("Hi", "Hello", null, null), (content.Subject, content.Text, content.Html, content.Raw));
        Assert.Equal(Encoding.UTF8.GetString(stored), Encoding.UTF8.GetString(ContentCoding.Encode(content)));
    }

    [Fact]
    public void A_program_that_knows_only_the_first_version_says_so() => Assert.Equal(2, ContentCoding.Encode(Raw([1]))[0]);

    [Theory]
    [InlineData(new byte[] { 2 })]
    [InlineData(new byte[] { 2, 1, 0 })]
    [InlineData(new byte[] { 2, 9, 0, 0, 0, (byte)'{', (byte)'}' })]
    [InlineData(new byte[] { 2, 255, 255, 255, 255, (byte)'{', (byte)'}' })]
    [InlineData(new byte[] { 2, 1, 0, 0, 0, (byte)'{', (byte)'}' })]
    [InlineData(new byte[] { 3, 0, 0, 0, 0 })]
    public void What_is_damaged_is_said_to_be(byte[] stored) =>
        Assert.Throws<InvalidDataException>(() => ContentCoding.DecodeContent(stored));

    public void Dispose() => _directory.Dispose();
}
