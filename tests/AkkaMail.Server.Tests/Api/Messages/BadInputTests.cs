using System.Text;
using AkkaMail.Server.Api.Messages;
using static AkkaMail.Server.Tests.Api.Messages.Sends;

namespace AkkaMail.Server.Tests.Api.Messages;

/// <summary>A good request with one thing made wrong: exactly the fields that are named.</summary>
public sealed class BadInputTests
{
    private static string Many(int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => $"\"r{i}@example.com\""));

    private static string Map(int count, string value = "v") =>
        "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"X-{i}\": \"{value}\"")) + "}";

    private static string File(string fields) =>
        $$"""{"attachments": [{"filename": "a.txt", "content": "aGk=", {{fields}}}]}""";

    private static string Own(string fields) => $$"""{"to": null, "personalizations": [{{fields}}]}""";

    public static TheoryData<string, string> Inputs => new()
    {
        { """{"from": null}""", "from" },
        { """{"from": "shop"}""", "from" },
        { """{"from": {"email": "shop@example.com", "name": "a\nb"}}""", "from" },
        { """{"from": "A\u0000B <shop@example.com>"}""", "from" },
        { """{"reply_to": "x@"}""", "reply_to" },
        { """{"to": null}""", "to" },
        { """{"to": []}""", "to" },
        { """{"to": ["a@example.com", "b@", "c"]}""", "to[1] to[2]" },
        { """{"to": "b@"}""", "to[0]" },
        { """{"to": ["a@example.com", "A@EXAMPLE.com"]}""", "to[1]" },
        { """{"cc": ["A <a@example.com>"], "bcc": ["a@example.com"]}""", "cc[0] bcc[0]" },
        { $$"""{"to": [{{Many(1_001)}}]}""", "to" },
        { $$"""{"to": [{{Many(600)}}], "cc": [{{Many(600)}}]}""", "to" },
        { """{"subject": "a\r\nb"}""", "subject" },
        { """{"subject": "a\u0000b"}""", "subject" },
        { $$"""{"subject": "{{Text(999)}}"}""", "subject" },
        { """{"text": null}""", "text" },
        { """{"text": "", "html": ""}""", "text" },
        { """{"headers": {"X-A": "b\r\nBcc: c@example.com"}}""", "headers.X-A" },
        { """{"headers": {"X-A": "b\u0000"}}""", "headers.X-A" },
        { """{"headers": {"X A": "b", "": "c", "X:": "d"}}""", "headers.X A headers. headers.X:" },
        { """{"headers": {"from": "a", "TO": "a", "Cc": "a", "Bcc": "a"}}""",
            "headers.from headers.TO headers.Cc headers.Bcc" },
        { """{"headers": {"Date": "a", "Message-ID": "a", "MIME-Version": "a"}}""",
            "headers.Date headers.Message-ID headers.MIME-Version" },
        { """{"headers": {"Content-Type": "a", "DKIM-Signature": "a"}}""",
            "headers.Content-Type headers.DKIM-Signature" },
        { """{"headers": {"Received": "a", "Return-Path": "a", "Sender": "a"}}""",
            "headers.Received headers.Return-Path headers.Sender" },
        { """{"headers": {"Reply-To": "a"}}""", "headers.Reply-To" },
        { $$"""{"headers": {{Map(51)}} }""", "headers" },
        { """{"stream": "news"}""", "stream" },
        { """{"stream": ""}""", "stream" },
        { """{"tags": ["", "a\nb", null]}""", "tags[0] tags[1] tags[2]" },
        { $$"""{"tags": ["{{Text(65)}}"]}""", "tags[0]" },
        { """{"tags": ["1","2","3","4","5","6","7","8","9","10","11"]}""", "tags" },
        { $$"""{"variables": {{Map(101)}} }""", "variables" },
        { $$"""{"metadata": {{Map(51)}} }""", "metadata" },
        { $$"""{"metadata": {"a": "{{Text(1_024)}}"} }""", "metadata.a" },
        { """{"template": "welcome"}""", "template" },
        { """{"track": {"opens": true}}""", "track.opens" },
        { """{"track": {"clicks": true}}""", "track.clicks" },
        { """{"send_at": "2026-05-01T11:58:59Z"}""", "send_at" },
        { """{"send_at": "2026-05-31T12:00:01Z"}""", "send_at" },
        { """{"send_at": "9999-12-31T23:59:59Z"}""", "send_at" },
        { """{"expires_at": "2026-05-01T12:00:59Z"}""", "expires_at" },
        { """{"expires_at": "2026-05-08T12:00:01Z"}""", "expires_at" },
        { """{"send_at": "2026-05-02T12:00:00Z", "expires_at": "2026-05-02T12:00:59Z"}""", "expires_at" },
        { File("\"content_type\": \"text\""), "attachments[0].content_type" },
        { File("\"content_type\": \"text/plain\\r\\nX: y\""), "attachments[0].content_type" },
        { File("\"content_type\": \"text/plain;\\r\\n charset=x\""), "attachments[0].content_type" },
        { File("\"content_type\": \"multipart/mixed\""), "attachments[0].content_type" },
        { File("\"content_id\": \"a b\""), "attachments[0].content_id" },
        { """{"attachments": [{"content": "aGk="}]}""", "attachments[0].filename" },
        { """{"attachments": [{"filename": "../a", "content": "aGk="}, {"filename": "a\\b"}]}""",
            "attachments[0].filename attachments[1].filename attachments[1].content" },
        { """{"attachments": [{"filename": "a\nb", "content": "aGk="}]}""", "attachments[0].filename" },
        { $$"""{"attachments": [{"filename": "{{Text(256)}}", "content": ""}]}""", "attachments[0].filename" },
        { $$"""{"attachments": [{{string.Join(',', Enumerable.Repeat("null", 101))}}]}""", "attachments" },
        { """{"attachments": [null]}""", "attachments[0]" },
        { """{"personalizations": [{"to": ["b@example.com"]}]}""", "personalizations" },
        { """{"to": null, "personalizations": []}""", "personalizations" },
        { Own("null"), "personalizations[0]" },
        { Own("{}"), "personalizations[0].to" },
        { Own("""{"to": ["a@example.com"]}, {"to": ["b@"]}"""), "personalizations[1].to[0]" },
        { Own("""{"to": ["a@example.com"], "cc": ["a@example.com"]}"""), "personalizations[0].cc[0]" },
        { Own("""{"to": ["a@example.com"], "subject": "a\nb"}"""), "personalizations[0].subject" },
        { Own("""{"to": ["a@example.com"], "headers": {"Bcc": "x"}}"""), "personalizations[0].headers.Bcc" },
        { Own("""{"to": ["a@example.com"], "variables": {"": "x"}}"""), "personalizations[0].variables." },
        { Own($$"""{"to": ["a@example.com"], "metadata": {{Map(51)}} }"""), "personalizations[0].metadata" },
        { Own($$"""{"to": [{{Many(600)}}]}, {"to": [{{Many(600)}}]}"""), "personalizations" },
        { Own(string.Join(',', Enumerable.Repeat("""{"to": ["a@example.com"]}""", 1_001))), "personalizations" },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Is_refused_field_by_field(string change, string fields)
    {
        var validated = Validate(With(change));

        Assert.Equal(fields, Fields(validated));
        Assert.Null(validated.Send);
    }

    [Theory]
    [InlineData("to", "\"a@b.c\"", "1500000 recipients are more than 1000 in one call")]
    [InlineData("tags", "\"\"", "are more than 10")]
    [InlineData("attachments", "{}", "are more than 100")]
    [InlineData("reply_to", "\"a@b.c\"", "are more than 25")]
    [InlineData("personalizations", "{}", "must be 1 to 1000, but are 1500000")]
    public void What_has_a_million_entries_is_one_error_with_their_number(string field, string entry, string says)
    {
        var entries = new StringBuilder().Insert(0, entry + ",", 1_500_000).ToString().TrimEnd(',');

        var error = Assert.Single(Validate($$"""{"from":"a@b.c","text":"t","{{field}}":[{{entries}}]}""").Errors);

        Assert.Equal((field, says), (error.Field, error.Message));
    }

    [Fact]
    public void The_last_second_of_the_calendar_is_only_too_far_ahead() =>
        Assert.Equal("is more than 30 days ahead", Assert.Single(Validate(With("""{"send_at": "9999-12-31T23:59:59Z"}""")).Errors).Message);

    [Fact]
    public void The_word_on_a_bad_address_is_Cores()
    {
        var error = Assert.Single(Validate(With("""{"to": ["a..b@example.com"]}""")).Errors);

        Assert.Equal("has a dot at an end of its local part, or two in a row", error.Message);
    }

    [Fact]
    public void A_thousand_bad_addresses_are_a_hundred_errors() =>
        Assert.Equal(100, Validate(With(Json(new { to = Enumerable.Repeat("x", 1_000) }))).Errors.Count);
}
