using AkkaMail.Core.Mail;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Messages;
using static AkkaMail.Server.Tests.Api.Messages.Sends;

namespace AkkaMail.Server.Tests.Api.Messages;

public sealed class SendValidationTests
{
    [Fact]
    public void A_good_request_becomes_content_and_envelope()
    {
        var send = Validate(Good).Send!;

        Assert.Equal(("Hi", "Hello", null), (send.Content.Subject, send.Content.Text, send.Content.Html));
        Assert.Equal(new Mailbox("Shop", "shop@example.com"), send.Envelope.From);
        Assert.Equal([new Mailbox("", "a@example.com")], send.Envelope.Recipients());
        Assert.Equal(("transactional", null, Noon.AddHours(72)), (send.Stream, send.SendAt, send.ExpiresAt));
    }

    [Fact]
    public void One_call_with_to_cc_bcc_is_one_mail()
    {
        var send = Validate(With("""
            {"to": "a@example.com", "cc": ["b@example.com"], "bcc": [{"email": "c@example.com", "name": "C"}],
             "text": "{{n}}", "variables": {"n": "1"}, "metadata": {"o": "2"}, "headers": {"X-A": "b"}, "tags": ["t", "t"],
             "stream": "broadcast"}
            """)).Send!;

        var mail = Assert.Single(send.Envelope.Mails);
        Assert.Equal(["a@example.com", "b@example.com", "c@example.com"], mail.Recipients().Select(m => m.Address));
        Assert.Equal([new Variable("n", "1")], mail.Variables.ToArray());
        Assert.Equal([new Variable("o", "2")], mail.Metadata.ToArray());
        Assert.Equal([new HeaderField("X-A", "b")], send.Envelope.Headers.ToArray());
        Assert.Equal(["t"], send.Tags.ToArray());
    }

    [Fact]
    public void Each_personalization_is_a_mail_and_its_own_values_win()
    {
        var send = Validate(With("""
            {"to": null, "text": "{{n}} {{m}}", "variables": {"n": "all", "m": "all"}, "personalizations": [
                {"to": ["a@example.com"], "subject": "Own", "variables": {"n": "own"}, "headers": {"X-B": "c"}},
                {"to": ["a@example.com"]}]}
            """)).Send!;

        Assert.Equal(2, send.Envelope.Mails.Length);
        Assert.Equal("Own", send.Envelope.Mails[0].Subject);
        Assert.Equal([new Variable("m", "all"), new Variable("n", "own")], send.Envelope.Mails[0].Variables.ToArray());
        Assert.Equal([new HeaderField("X-B", "c")], send.Envelope.Mails[0].Headers.ToArray());
        Assert.Equal([new Variable("n", "all"), new Variable("m", "all")], send.Envelope.Mails[1].Variables.ToArray());
    }

    [Fact]
    public void All_errors_come_at_once()
    {
        var validated = Validate("""
            {"to": ["a@example.com", "no address"], "subject": "a\r\nBcc: x@example.com", "stream": "other",
             "headers": {"Bcc": "x@example.com"}, "template": "t", "track": {"opens": true, "clicks": true}}
            """);

        Assert.Equal("from subject text headers.Bcc stream template track.opens track.clicks to[1]", Fields(validated));
        Assert.Null(validated.Send);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(-59, null)]
    [InlineData(3600, 3600)]
    public void A_start_that_is_not_ahead_is_now(int seconds, int? ahead)
    {
        var send = Validate(With(Json(new { send_at = Noon.AddSeconds(seconds) }))).Send!;

        Assert.Equal(ahead is { } s ? Noon.AddSeconds(s) : null, send.SendAt);
        Assert.Equal((send.SendAt ?? Noon).AddHours(72), send.ExpiresAt);
    }

    [Fact]
    public void The_bounds_themselves_are_within()
    {
        var send = Validate(With(Json(new
        {
            to = Enumerable.Range(0, 1_000).Select(i => $"r{i}@example.com"),
            subject = Text(998),
            tags = Enumerable.Range(0, 10).Select(i => Text(63) + i),
            headers = Enumerable.Range(0, 50).ToDictionary(i => $"X-{i}", _ => "v"),
            variables = Enumerable.Range(0, 100).ToDictionary(i => $"v{i}", _ => "v"),
            metadata = Enumerable.Range(10, 50).ToDictionary(i => $"{i}", _ => Text(1_022)),
            attachments = Enumerable.Range(0, 100).Select(_ => new { filename = Text(255), content = "" }),
            send_at = Noon.AddDays(30),
            expires_at = Noon.AddDays(37),
        })));

        Assert.Empty(send.Errors);
        Assert.Equal(1_000, send.Send!.Envelope.Recipients().Count());
    }
}
