using System.Text;
using System.Text.Json;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Server.Tests.Api.Messages;

/// <summary>Files are taken out of a body as it comes, and what is left reads as the whole would have.</summary>
public sealed class FileLiftTests
{
    private static readonly byte[] Small = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
    private static readonly byte[] Large = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];

    private sealed record Lifted(string Rest, Dictionary<int, byte[]> Files, int Opened, FileLift Lift);

    /// <summary>In pieces of <paramref name="bytes"/>.</summary>
    private static Lifted Lift(string body, int bytes)
    {
        var opened = 0;
        var lift = new FileLift(() => { opened++; return new MemoryStream(); }, BodyMemory.Of(new MailMemory(1L << 40)), filesMax: 100);
        foreach (var piece in Encoding.UTF8.GetBytes(body).Chunk(bytes)) lift.Take(piece);
        return new(Encoding.UTF8.GetString(lift.Rest.Span), lift.Files.ToDictionary(f => f.Key, f =>
        {
            using var read = new MemoryStream();
            f.Value.Open().CopyTo(read);
            return read.ToArray();
        }), opened, lift);
    }

    private static string Mail(params string[] attachments) =>
        $$"""{"from":"a@b.test","attachments":[{{string.Join(",", attachments)}}],"text":"x"}""";

    private static string File(string content, string name = "content") => $$"""{"filename":"f","{{name}}":"{{content}}"}""";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4_096)]
    [InlineData(int.MaxValue)]
    public void Files_come_out_whole_wherever_the_pieces_end(int bytes)
    {
        var lifted = Lift(Mail(File(Convert.ToBase64String(Small)), File(""), File(Convert.ToBase64String(Large))), bytes);

        Assert.Equal(Mail(File(""), File(""), File("")), lifted.Rest);
        Assert.Equal([0, 1, 2], lifted.Files.Keys.Order());
        Assert.Equal([Small, [], Large], new[] { lifted.Files[0], lifted.Files[1], lifted.Files[2] });
        Assert.Equal(1, lifted.Opened);   // Only what is large lies in a file.
    }

    /// <summary>Programs write base64 with what JSON lets them escape, and with line ends.</summary>
    [Theory]
    [InlineData("\\/\\/8=", new byte[] { 255, 255 })]
    [InlineData("\\u002B\\u002b\\u002f/", new byte[] { 251, 239, 255 })]
    [InlineData("AQ\\r\\nID\\n", new byte[] { 1, 2, 3 })]
    [InlineData(" AQ ID ", new byte[] { 1, 2, 3 })]
    public void Base64_is_read_as_the_parser_reads_it(string written, byte[] meant)
    {
        foreach (var bytes in (int[])[1, 2, 1_000])
        {
            Assert.Equal(meant, Lift(Mail(File(written)), bytes).Files[0]);
            Assert.Equal(meant, JsonSerializer.Deserialize<byte[]>($"\"{written}\""));
        }
    }

    [Theory]
    [InlineData("AQI")]
    [InlineData("A")]
    [InlineData("AQI=AQID")]
    [InlineData("AQ-_")]
    [InlineData("Gr\u00fc\u00dfe")]
    [InlineData("AQID\\u00e9")]
    [InlineData("AQID\\u0000")]
    public void What_is_no_base64_stays_an_error_of_its_field(string written)
    {
        foreach (var bytes in (int[])[1, 7, 1_000])
        {
            var lifted = Lift(Mail(File(written)), bytes);

            var read = RequestReader.Read(lifted.Lift.Rest.Span, SendJson.Default.SendRequest, SendBounds.Default, lifted.Lift.Gaps);

            Assert.Empty(lifted.Files);
            Assert.Equal("attachments[0].content", Assert.IsType<BodyRead<SendRequest>.Invalid>(read).Error.Field);
        }
    }

    /// <summary>Nothing else is touched, whatever it is called.</summary>
    [Theory]
    [InlineData("""{"content":"AQID"}""")]
    [InlineData("""{"attachments":{"a":{"content":"AQID"}}}""")]
    [InlineData("""{"attachments":[["content","AQID"]]}""")]
    [InlineData("""{"attachments":[{"content":{"content":"AQID"}}]}""")]
    [InlineData("""{"attachments":[{"Content":"AQID","content_id":"AQID","filename":"content"}]}""")]
    [InlineData("""{"personalizations":[{"content":"AQID","variables":{"attachments":"[{"}}]}""")]
    [InlineData("""{"text":"\"attachments\":[{\"content\":\"AQID\"}]"}""")]
    [InlineData("""[[{"attachments":[{"content":"AQID"}]}]]""")]
    [InlineData("""{"attachments":[{"content":17},{"content":null},{"content":[" AQID"]}]}""")]
    [InlineData("""}}}]]]{"a":1}""")]
    [InlineData("no JSON at all")]
    public void All_else_stays_as_it_is(string body)
    {
        foreach (var bytes in (int[])[1, 5, 1_000])
        {
            var lifted = Lift(body, bytes);

            Assert.Equal(body, lifted.Rest);
            Assert.Empty(lifted.Files);
        }
    }

    /// <summary>A place is told as its sender sees it, with the files before it.</summary>
    [Theory]
    [InlineData(""", "text":'x'}""")]
    [InlineData(""", "text":"x" """)]
    public void What_is_no_JSON_is_told_at_its_place_in_the_body_as_it_was_sent(string end)
    {
        var body = $$"""{"attachments":[{{File(Convert.ToBase64String(Small))}},{{File(Convert.ToBase64String(Large))}}]{{end}}""";
        var lifted = Lift(body, 1_000);

        var whole = RequestReader.Read(Encoding.UTF8.GetBytes(body), SendJson.Default.SendRequest, SendBounds.Default);
        var rest = RequestReader.Read(
            lifted.Lift.Rest.Span, SendJson.Default.SendRequest, SendBounds.Default, lifted.Lift.Gaps);

        Assert.Equal(Assert.IsType<BodyRead<SendRequest>.Malformed>(whole), rest);
    }

    [Fact]
    public void A_body_that_ends_within_a_file_is_no_JSON()
    {
        var lifted = Lift("""{"attachments":[{"content":"AQID""", 3);

        Assert.IsType<BodyRead<SendRequest>.Malformed>(
            RequestReader.Read(lifted.Lift.Rest.Span, SendJson.Default.SendRequest, SendBounds.Default, lifted.Lift.Gaps));
    }

    /// <summary>A line break in a text is no JSON, in a file as elsewhere.</summary>
    [Fact]
    public void A_control_character_within_a_file_is_said_to_be_one()
    {
        var lifted = Lift(Mail(File("AQ\nID")), 1_000);

        var read = RequestReader.Read(lifted.Lift.Rest.Span, SendJson.Default.SendRequest, SendBounds.Default, lifted.Lift.Gaps);

        Assert.Contains("a line break", Assert.IsType<BodyRead<SendRequest>.Malformed>(read).Message, StringComparison.Ordinal);
    }

    /// <summary>Deep, odd and cut bodies by the thousand: the rest reads as the whole does.</summary>
    [Fact]
    public void Whatever_a_body_is_the_rest_of_it_is_read_to_the_same_end()
    {
        var random = new Random(4);
        string[] words = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\"attachments\":[", "{\"content\":\"", "AQID", "\\u002B", "=", " ", "1", "\"a\":", "\n"];
        for (var n = 0; n < 20_000; n++)
        {
            var body = "{\"attachments\":[{\"content\":\"" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));
            var lifted = Lift(body, random.Next(1, 9));

            var whole = RequestReader.Read(Encoding.UTF8.GetBytes(body), SendJson.Default.SendRequest, SendBounds.Default);
            var rest = RequestReader.Read(
                lifted.Lift.Rest.Span, SendJson.Default.SendRequest, SendBounds.Default, lifted.Lift.Gaps);

            Assert.True(whole.GetType() == rest.GetType(), $"{body}\n{lifted.Rest}\n{whole}\n{rest}");
        }
    }

    /// <summary>A mail of a million files would have as many buffers; it is refused for their number anyhow.</summary>
    [Fact]
    public void As_many_files_as_a_mail_may_have_are_taken_out_and_all_of_them_lie_in_one_file()
    {
        var content = Convert.ToBase64String(Large);
        var lifted = Lift(Mail([.. Enumerable.Repeat(File(content), 103)]), int.MaxValue);

        Assert.Equal(Enumerable.Range(0, 100), lifted.Files.Keys.Order());
        Assert.All(lifted.Files.Values, file => Assert.Equal(Large, file));
        Assert.Equal(1, lifted.Opened);
        Assert.EndsWith($"{File(content)}],\"text\":\"x\"}}", lifted.Rest, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_octets_are_taken_from_the_memory_that_all_share_and_go_back()
    {
        var memory = new MailMemory(1L << 20);
        using (var held = BodyMemory.Of(memory))
        {
            using var lift = new FileLift(() => new MemoryStream(), held, filesMax: 100);
            lift.Take(Encoding.UTF8.GetBytes(Mail(File(Convert.ToBase64String(Large)))));
            Assert.InRange(memory.Used, 200_000, 700_000);
            Assert.Throws<UnavailableException>(() =>
                lift.Take(Encoding.UTF8.GetBytes(Mail(File(Convert.ToBase64String(new byte[2 << 20]))))));
        }
        Assert.Equal(0, memory.Used);
    }
}
