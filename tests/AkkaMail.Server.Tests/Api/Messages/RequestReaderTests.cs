using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using CsCheck;
using static AkkaMail.Server.Tests.Api.Messages.Sends;

namespace AkkaMail.Server.Tests.Api.Messages;

public sealed class RequestReaderTests
{
    [Fact]
    public void A_whole_request_is_read()
    {
        var read = Assert.IsType<BodyRead<SendRequest>.Done>(Read("""
            {
              "from": {"email": "shop@example.com", "name": "Магазин"}, "to": "A <a@example.com>",
              "cc": ["c@example.com", {"email": "d@example.com"}], "reply_to": "r@example.com", "subject": "Hi",
              "headers": {"X-A": "b"},
              "attachments": [{"filename": "a.txt", "content": "aGk=", "content_type": "text/plain"}],
              "tags": ["t"], "metadata": {"order": "1"}, "send_at": "2026-05-01T14:00:00+02:00",
              "track": {"opens": false, "clicks": false}
            }
            """)).Value;

        Assert.Equal(new("shop@example.com", "Магазин"), read.From);
        Assert.Equal([new("A <a@example.com>")], read.To!);
        Assert.Equal([new("c@example.com"), new("d@example.com", "")], read.Cc!);
        Assert.Equal("hi"u8.ToArray(), read.Attachments![0]!.Content);
        Assert.Equal(Noon, read.SendAt);
    }

    public static TheoryData<string, long, long> Malformed => new()
    {
        { "", 1, 1 },
        { "{", 1, 2 },
        { "{\"from\": }", 1, 10 },
        { "{\n  \"from\": \"a\",\n  \"to\": nul\n}", 3, 12 },
        { "{} {}", 1, 4 },
        { "{\"a\": 1,}", 1, 9 },
        { "{\"subject\": \"a\nb\"}", 1, 15 },
        { "{\"subject\": \"\\ud800\"}", 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_no_JSON_says_where(string body, long line, long position)
    {
        var malformed = Assert.IsType<BodyRead<SendRequest>.Malformed>(Read(body));

        Assert.Equal((line, position), (malformed.Line, malformed.Position));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_malformed() =>
        Assert.IsType<BodyRead<SendRequest>.Malformed>(RequestReader.Read([(byte)'"', 0xC3, (byte)'"'], SendJson.Default.SendRequest));

    public static TheoryData<string, string, string> Invalid => new()
    {
        { "null", "$", "must be an object" },
        { "[]", "$", "must be an object" },
        { "7", "$", "must be an object" },
        { """{"form": "a@b.c"}""", "form", "is not a known field" },
        { """{"subject": 7}""", "subject", "must be text" },
        { """{"subject": "a", "subject": "b"}""", "subject", "is given twice" },
        { """{"from": 7}""", "from", "must be an address" },
        { """{"from": ["a@b.c"]}""", "from", "must be an address" },
        { """{"from": {"mail": "a@b.c"}}""", "from.mail", "is not a known field" },
        { """{"from": {"name": "A"}}""", "from.email", "is missing" },
        { """{"to": [null]}""", "to[0]", "must be an address" },
        { """{"to": 5}""", "to", "must be an address" },
        { """{"to": ["a@b.c", {"email": 5}]}""", "to[1].email", "must be text" },
        { """{"personalizations": {}}""", "personalizations", "must be an array" },
        { """{"personalizations": [{}, {"to": ["a@b.c", 1]}]}""", "personalizations[1].to[1]", "must be an address" },
        { """{"personalizations": [{"cc": [{"email": "a@b.c", "x": 1}]}]}""",
            "personalizations[0].cc[0].x", "is not a known field" },
        { """{"personalizations": [{"from": "a@b.c"}]}""", "personalizations[0].from", "is not a known field" },
        { """{"attachments": [{"content": "%%%"}]}""", "attachments[0].content", "must be base64" },
        { """{"attachments": [{"content": 7}]}""", "attachments[0].content", "must be base64" },
        { """{"attachments": [{"name": "a"}]}""", "attachments[0].name", "is not a known field" },
        { """{"tags": "a"}""", "tags", "must be an array" },
        { """{"tags": ["a", 1]}""", "tags[1]", "must be text" },
        { """{"headers": []}""", "headers", "must be an object" },
        { """{"headers": {"X-A": 1}}""", "headers.X-A", "must be text" },
        { """{"metadata": {"a b.c": {}}}""", "metadata.a b.c", "must be text" },
        { """{"send_at": "tomorrow"}""", "send_at", "must be a time" },
        { """{"send_at": "2026-05-01T12:00:00"}""", "send_at", "must be a time" },
        { """{"send_at": "2026-02-30T12:00:00Z"}""", "send_at", "must be a time" },
        { """{"expires_at": 5}""", "expires_at", "must be a time" },
        { """{"track": {"opens": 1}}""", "track.opens", "must be true or false" },
        { """{"track": true}""", "track", "must be an object" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void JSON_that_is_no_request_names_the_field(string body, string field, string message)
    {
        var error = Assert.IsType<BodyRead<SendRequest>.Invalid>(Read(body)).Error;

        Assert.Equal(field, error.Field);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_with_a_byte_order_mark_reads_the_same()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)];

        var read = RequestReader.Read(bytes, SendJson.Default.SendRequest);

        Assert.Equal("Hi", Assert.IsType<BodyRead<SendRequest>.Done>(read).Value.Subject);
    }

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen.Byte.Array[0, 60].Sample(bytes => { _ = RequestReader.Read(bytes, SendJson.Default.SendRequest); }, iter: 20_000, threads: 1);

    [Fact]
    public void Random_JSON_in_the_shape_of_a_request_never_throws() =>
        RandomJson.Request.Sample(json =>
        {
            if (Read(json) is BodyRead<SendRequest>.Done done)
                _ = SendValidation.Validate(done.Value, Encoding.UTF8.GetBytes(json), Noon, SendLimits.Default);
        }, iter: 20_000, threads: 1);

    [Fact]
    public void Random_requests_are_refused_or_fit_to_be_kept()
    {
        var kept = 0;
        RandomRequests.Any.Sample(json =>
        {
            var request = Assert.IsType<BodyRead<SendRequest>.Done>(Read(json)).Value;
            var (send, errors) =
                SendValidation.Validate(request, Encoding.UTF8.GetBytes(json), Noon, SendLimits.Default);

            Assert.Equal(send is null, errors.Count > 0);
            if (send is null) return;
            kept++;
            Assert.InRange(send.Envelope.Recipients().Count(), 1, 1_000);
            Assert.All(send.Envelope.Recipients(), r => Assert.Matches("^.+@[ -~]+$", r.EnvelopeAddress));
            Assert.True(send.ExpiresAt > Noon);
            Assert.DoesNotContain(send.Content.Subject, char.IsControl);
            Assert.All(send.Envelope.Headers, h => Assert.Null(HeaderRules.Problem(h.Name, h.Value)));
        }, iter: 10_000, threads: 1);
        Assert.True(kept > 100, $"only {kept} were good enough to say anything");
    }
}
