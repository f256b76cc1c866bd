using System.Net;
using System.Text;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Composing;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>From the API over real DNS to the receiver, and every line of the story it leaves.</summary>
[Collection(Resolving.Name)]
public sealed class Delivery(Resolving server)
{
    private Api Api => server.Api;

    [Fact]
    public async Task Twenty_domains_get_one_mail_each_over_TLS()
    {
        var local = Mails.Unique("ann");
        string[] to = [.. Enumerable.Range(0, 20).Select(i => $"{local}@d{i}.test")];

        var ids = await Api.Send(Mails.To(to));

        for (var i = 0; i < ids.Length; i++)
        {
            var story = await Api.Ended(ids[i]);
            Assert.Equal(("delivered", to[i], $"mx.d{i}.test", 1), (story.Status, story.To, story.Site, story.Attempts));
            Assert.Equal("accepted attempt delivered", story.Types);
            var end = story.Events![2];
            Assert.Equal(new Reply(250, "2.0.0", "Ok, sunk"), end.Reply);
            Assert.Equal((1, "dot", "TLSv1.3", $"mx.d{i}.test[127.0.0.1]:{server.Sink.Port}", "accepted"),
                (end.Attempt, end.Step, end.Tls, end.Mx, end.Rule));
            Assert.True(end.DurationMs > 0 && end.At >= story.Events[1].At && story.Events[1].At >= story.Events[0].At);
            Assert.StartsWith("akka.tcp://akkamail@", story.Events[1].Node, StringComparison.Ordinal);
        }
        var sunk = SunkFor(local).ToList();
        Assert.Equal(to.Order(), sunk.Select(m => Assert.Single(m.Recipients)).Order());
        Assert.All(sunk, m => Assert.True(m.WasEncrypted));
    }

    [Fact]
    public async Task A_domain_that_leads_into_the_inner_network_is_told_so_and_gets_nothing()
    {
        var domain = $"{Mails.Unique("inner")}.test";
        await server.Dns.Publish(domain, $"mx-host={domain},mx.{domain},10", $"host-record=mx.{domain},169.254.169.254");

        var story = await EndOf($"ann@{domain}");

        Assert.Equal("accepted attempt bounced", story.Types);
        var end = story.Events![2];
        Assert.Equal((550, "5.1.2", "dns"), (end.Reply!.Code, end.Reply.EnhancedCode, end.Step));
        Assert.Equal("The recipient's domain leads to 169.254.169.254 (link-local), where no mail is brought", end.Reply.Text);
    }

    [Fact]
    public async Task A_permanent_refusal_is_a_bounce_in_the_receivers_words()
    {
        var story = await EndOf($"permfail+{Mails.Unique("x")}@d1.test");

        Assert.Equal("accepted attempt bounced", story.Types);
        AssertEnd(story, new(550, "5.1.1", $"<{story.To}>: no such user here"), "rcpt_to", "permanent");
    }

    [Fact]
    public async Task A_story_tells_how_it_came_in_and_how_each_attempt_left()
    {
        var story = await EndOf($"ann+{Mails.Unique("x")}@d1.test");

        Assert.Equal(("api", "admin"), (story.Door, story.Key));
        var end = story.Events![^1];
        var mail = (await Api.Http.GetByteArrayAsync($"/v1/messages/{story.Id}/raw")).Length;
        Assert.InRange(end.Bytes!.Value, mail + 3, mail + 5);   // The final dot, and a line's end before it.
        Assert.True(story.Bytes > 50, $"{story.Bytes} handed in");
        Assert.Equal(("127.0.0.1", "default"), (end.LocalAddress, end.Pool));
        Assert.NotNull(end.HeldBy);
        Assert.InRange(end.ReadyAt!.Value, story.AcceptedAt, end.At);
        Assert.True(end.MailOnConnection >= 1);
    }

    [Fact]
    public async Task A_greylisted_mail_comes_through_at_the_second_attempt()
    {
        var story = await EndOf($"greylist+{Mails.Unique("x")}@d1.test");

        Assert.Equal("accepted attempt deferred attempt delivered", story.Types);
        var deferred = story.Events![2];
        Assert.Equal(new Reply(450, "4.2.0", "Greylisted, try again"), deferred.Reply);
        Assert.Equal((1, "rcpt_to", "retry/default"), (deferred.Attempt, deferred.Step, deferred.Rule));
        Assert.Equal(TimeSpan.FromSeconds(1), deferred.DueAt - deferred.At);
        Assert.True(story.Events[3].At >= deferred.DueAt);
        AssertEnd(story, new(250, "2.0.0", "Ok, sunk"), "dot", "accepted", attempt: 2);
    }

    [Fact]
    public async Task A_receiver_that_never_takes_it_is_asked_ever_more_seldom_until_the_mail_expires()
    {
        var story = await Api.Ended(server.Hopeless, TimeSpan.FromSeconds(60));

        Assert.Equal("expired", story.Status);
        Assert.Equal("accepted attempt deferred attempt deferred attempt deferred attempt deferred attempt deferred "
            + "attempt expired", story.Types);
        var refused = story.Events!.Where(e => e.Reply is not null).ToList();
        Assert.All(refused, e => Assert.Equal(new Reply(451, "4.2.0", "Try again later"), e.Reply));
        Assert.Equal([1, 2, 3, 4, 5, 6], refused.Select(e => e.Attempt));
        Assert.Equal([1, 2, 4, 8, 16], refused.SkipLast(1).Select(e => (e.DueAt - e.At)!.Value.TotalSeconds));
        Assert.Equal(("expiry", 6), (refused[^1].Rule, story.Attempts));
    }

    [Fact]
    public async Task A_slow_receiver_is_waited_for()
    {
        var story = await EndOf($"slow+{Mails.Unique("x")}@d3.test");

        Assert.Equal("accepted attempt delivered", story.Types);
        Assert.InRange(story.Events![2].DurationMs!.Value, 1_000, 10_000);
    }

    [Fact]
    public async Task A_hang_up_instead_of_the_last_answer_leaves_the_attempt_in_doubt_and_is_tried_again()
    {
        var ids = await Api.Send(Mails.To($"hangup-in-data+{Mails.Unique("x")}@d4.test"));

        var story = await Api.Story(ids[0], s => s.Attempts == 2 && s.Status == "deferred");

        Assert.Equal("accepted attempt deferred attempt deferred", story.Types);
        Assert.All([story.Events![2], story.Events[4]], e =>
        {
            Assert.Equal((0, null, "dot", true), (e.Reply!.Code, e.Reply.EnhancedCode, e.Step, e.InDoubt));
            Assert.Equal("The receiver gave no answer to the final dot", e.Reply.Text);
        });
    }

    [Fact]
    public async Task A_long_reply_is_cut_to_2_KB()
    {
        var story = await EndOf($"reply-4k+{Mails.Unique("x")}@d5.test");

        Assert.Equal("accepted attempt bounced", story.Types);
        AssertEnd(story, new(550, "5.7.1", new string('x', 2048)), "rcpt_to", "permanent");
    }

    [Theory]
    [InlineData("null.test", 556, "5.1.10", "The recipient's domain accepts no mail (null MX)")]
    [InlineData("nowhere.test", 550, "5.1.2", "The recipient's domain does not exist")]
    public async Task A_domain_that_takes_no_mail_is_a_bounce_without_a_connection(
        string domain, int code, string enhanced, string text)
    {
        var story = await EndOf($"{Mails.Unique("ann")}@{domain}");   // One that was refused before is suppressed.

        Assert.Equal("accepted attempt bounced", story.Types);
        AssertEnd(story, new(code, enhanced, text), "dns", "permanent");
        Assert.Null(story.Events![2].Mx);
    }

    [Fact]
    public async Task The_next_host_is_tried_when_the_first_does_not_answer()
    {
        var story = await EndOf("ann@backup.test");

        Assert.Equal("accepted attempt delivered", story.Types);
        Assert.Equal($"alive.backup.test[127.0.0.1]:{server.Sink.Port}", story.Events![2].Mx);
    }

    [Fact]
    public async Task Subject_texts_and_attachment_survive_as_another_reader_sees_them()
    {
        var local = Mails.Unique("ann");
        var bytes = Encoding.UTF8.GetBytes("item,price\r\nCafé,3.50\r\n\0binary\u00ff");

        var ids = await Api.Send(new
        {
            from = "Müller & Söhne <shop@sender.test>",
            to = new[] { $"Ann Ångström <{local}@d6.test>" },
            subject = "Grüße – Ihr Beleg ✉ こんにちは",
            text = "Grüß Gott!\n.\n..\nこんにちは\n",
            html = "<p>Grüß <b>Gott</b> 🎉</p>",
            headers = new Dictionary<string, string> { ["X-Order"] = "Nr. 4711 – größer" },
            attachments = new[] { Attachment("Beleg_größe.csv", "text/csv", bytes) },
        });
        await Api.Ended(ids[0]);

        var mail = await ParsedMail.ReadAsync(Assert.Single(SunkFor(local)).Bytes);
        Assert.Equal("Grüße – Ihr Beleg ✉ こんにちは", mail.Header("Subject"));
        Assert.Equal("Nr. 4711 – größer", mail.Header("X-Order"));
        Assert.Equal(["Ann Ångström", $"{local}@d6.test"], Assert.Single(mail.To));
        Assert.Contains("shop@sender.test", mail.Header("From"), StringComparison.Ordinal);
        Assert.Equal((0, true), (mail.BareLines, mail.IsAscii));
        Assert.Empty(mail.Body.AllDefects);
        Assert.Equal("multipart/mixed", mail.Body.Type);
        var leaves = Leaves(mail.Body).ToList();
        Assert.Equal(["text/plain", "text/html", "text/csv"], leaves.Select(p => p.Type));
        Assert.Equal("Grüß Gott!\n.\n..\nこんにちは", leaves[0].Text!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal("<p>Grüß <b>Gott</b> 🎉</p>", leaves[1].Text!.TrimEnd());
        Assert.Equal(("Beleg_größe.csv", "attachment"), (leaves[2].Filename, leaves[2].Disposition));
        Assert.Equal(bytes, leaves[2].Bytes);
    }

    [Fact]
    public async Task Who_reads_text_gets_the_words_of_the_page_unless_the_mail_or_its_stream_wants_none()
    {
        var (local, stream) = (Mails.Unique("html"), Mails.Unique("pages"));
        var (made, _) = await Api.Ask(HttpMethod.Post, "/v1/streams",
            $$"""{"name":"{{stream}}","kind":"transactional","text_from_html":false}""");
        Assert.Equal(HttpStatusCode.Created, made);

        async Task<string[]> Types(string to, object mail)
        {
            await Api.Ended((await Api.Send(mail))[0]);
            var parsed = await ParsedMail.ReadAsync(Assert.Single(SunkFor(to)).Bytes);
            return [.. Leaves(parsed.Body).Select(p => $"{p.Type} {p.Text!.TrimEnd()}")];
        }

        const string from = "shop@sender.test", subject = "s", html = "<p>Total: <b>7</b></p>";
        Assert.Equal(["text/plain Total: 7", $"text/html {html}"],
            await Types($"{local}1", new { from, to = $"{local}1@d6.test", subject, html }));
        Assert.Equal([$"text/html {html}"],
            await Types($"{local}2", new { from, to = $"{local}2@d6.test", subject, html, text = false }));
        Assert.Equal([$"text/html {html}"],
            await Types($"{local}3", new { from, to = $"{local}3@d6.test", subject, html, stream }));
    }

    [Fact]
    public async Task Bcc_gets_the_mail_and_nobody_sees_it()
    {
        var local = Mails.Unique("ann");

        var ids = await Api.Send(new
        {
            from = "shop@sender.test",
            to = $"{local}@d7.test",
            cc = $"{local}+cc@d8.test",
            bcc = $"{local}+hidden@d9.test",
            subject = "x",
            text = "x",
        });
        foreach (var id in ids) Assert.Equal("delivered", (await Api.Ended(id)).Status);

        var sunk = SunkFor(local).ToList();
        Assert.Equal(3, sunk.Count);
        Assert.All(sunk, m =>
        {
            Assert.Single(m.Recipients);
            var text = Encoding.ASCII.GetString(m.Bytes);
            Assert.DoesNotContain("hidden", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\r\nBcc:", text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains($"Cc: {local}+cc@d8.test", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task An_address_outside_ASCII_goes_by_SMTPUTF8()
    {
        var local = Mails.Unique("jürgen");

        var ids = await Api.Send(Mails.To($"{local}@bücher.test"));

        var story = await Api.Ended(ids[0]);
        Assert.Equal(("delivered", $"{local}@bücher.test", "mx.xn--bcher-kva.test"), (story.Status, story.To, story.Site));
        var sunk = Assert.Single(SunkFor(local));
        Assert.Equal($"{local}@bücher.test", Assert.Single(sunk.Recipients));   // RFC 6531 §3.3 takes U-labels there.
        Assert.True(sunk.IsSmtpUtf8);
    }

    [Fact]
    public async Task A_domain_outside_ASCII_needs_no_SMTPUTF8()
    {
        var local = Mails.Unique("ann");

        var ids = await Api.Send(Mails.To($"{local}@BÜCHER.test"));

        Assert.Equal("delivered", (await Api.Ended(ids[0])).Status);
        var sunk = Assert.Single(SunkFor(local));
        Assert.Equal(($"{local}@xn--bcher-kva.test", false), (Assert.Single(sunk.Recipients), sunk.IsSmtpUtf8));
    }

    private async Task<Story> EndOf(string recipient) => await Api.Ended((await Api.Send(Mails.To(recipient)))[0]);

    private static object Attachment(string filename, string type, byte[] bytes) =>
        new { filename, content_type = type, content = Convert.ToBase64String(bytes) };

    private IEnumerable<TestSink.SunkMail> SunkFor(string local) =>
        server.Sink.Mails.Where(m => m.Recipients[0].StartsWith(local, StringComparison.Ordinal));

    private static void AssertEnd(Story story, Reply reply, string step, string rule, int attempt = 1)
    {
        var end = story.Events![^1];
        Assert.Equal(reply, end.Reply);
        Assert.Equal((attempt, step, rule), (end.Attempt, end.Step, end.Rule));
    }

    private static IEnumerable<ParsedPart> Leaves(ParsedPart part) =>
        part.Parts.Length == 0 ? [part] : part.Parts.SelectMany(Leaves);
}
