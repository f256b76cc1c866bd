using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using static AkkaMail.Server.Tests.Api.Messages.Sends;

namespace AkkaMail.Server.Tests.Api.Messages;

/// <summary>What variables make of a mail is known before it is promised.</summary>
public sealed class FillRulesTests
{
    private const string Ann = "a@example.com";
    private static readonly long MailMax = SendLimits.Default.MailBytesMax;

    private static string Many(string piece, long count) => new StringBuilder().Insert(0, piece, (int)count).ToString();

    private static FieldError One(object change) => Assert.Single(Validate(With(Json(change))).Errors);

    private static void Accepts(object change) => Assert.Empty(Validate(With(Json(change))).Errors);

    /// <summary>A text of 1,000 placeholders that is <paramref name="bytes"/> long when it is filled.</summary>
    private static object Grown(string field, long bytes)
    {
        var each = bytes / 1_000;
        var text = Many("{{v}}", 1_000) + Text((int)(bytes - each * 1_000));
        var variables = new Dictionary<string, string> { ["v"] = Text((int)each) };
        return field == "text" ? new { subject = "", text, variables }
            : new { subject = "", text = "", html = text, variables };
    }

    [Theory]
    [InlineData("text")]
    [InlineData("html")]
    public void A_text_may_grow_to_what_a_mail_may_have(string field)
    {
        Accepts(Grown(field, MailMax));
        var error = One(Grown(field, MailMax + 1));

        Assert.Equal((field, $"is longer than {MailMax} bytes once it is filled"), (error.Field, error.Message));
    }

    [Fact]
    public void Markup_in_a_value_counts_as_it_is_written()
    {
        var (html, v) = (Many("{{v}}", 1_000), Many("<", MailMax / 4_000));

        Accepts(new { subject = "", html, text = "", variables = new { v } });
        Assert.Equal("html", One(new { subject = "", html, text = "", variables = new { v = v + "<" } }).Field);
        Accepts(new { subject = "", text = html, variables = new { v = v + "<" } });
    }

    [Fact]
    public void Text_html_subject_and_files_are_one_mail()
    {
        object Whole(int file) => new
        {
            subject = "{{s}}",
            text = Many("{{v}}", 100),
            html = Many("{{v}}", 100),
            variables = new { v = Text(100_000), s = "é" },
            attachments = new[] { new { filename = "f", content = Convert.ToBase64String(new byte[file]) } },
        };
        var left = (int)(MailMax - 200 * 100_000 - 2);

        Accepts(Whole(left));
        var error = One(Whole(left + 1));

        Assert.Equal(("variables", $"make the mail longer than {MailMax} bytes"), (error.Field, error.Message));
    }

    [Theory]
    [InlineData(13, null)]
    [InlineData(14, "personalizations[13].variables")]
    [InlineData(1_000, "personalizations[13].variables")]
    public void A_short_call_does_not_become_gigabytes(int recipients, string? field)
    {
        var errors = Validate(With(Json(new
        {
            to = (object?)null,
            text = Many("{{v}}", 100),
            variables = new { v = Text(100_000) },
            personalizations = Enumerable.Range(0, recipients).Select(i => new { to = new[] { $"a{i}@example.com" } }),
        }))).Errors;

        Assert.Equal(field, errors.SingleOrDefault()?.Field);
        if (field is not null)
            Assert.Equal("add more than 134217728 bytes to the mails of this call together; send it in several calls", errors[0].Message);
    }

    [Fact]
    public void Of_one_mail_to_many_each_recipient_has_its_own()
    {
        object To(int count) => new
        {
            to = Enumerable.Range(0, count).Select(i => $"a{i}@example.com"),
            html = Many("{{v}}", 100),
            variables = new { v = Text(100_000) },
        };

        Accepts(To(13));
        Assert.Equal("variables", One(To(14)).Field);
    }

    /// <summary>What stands in the call is sent by whoever wrote it, whatever a name in it becomes.</summary>
    [Fact]
    public void What_is_written_does_not_count_and_a_newsletter_never_meets_the_bound() => Accepts(new
    {
        to = (object?)null,
        html = Text(1_000_000) + "{{name}}{{body}}",
        variables = new { body = Text(100_000) },
        personalizations = Enumerable.Range(0, 1_000).Select(i => new
        {
            to = new[] { $"a{i}@example.com" },
            variables = new { name = $"Recipient {i}" },
        }),
    });

    [Fact]
    public void A_subject_has_998_bytes_when_it_is_filled()
    {
        // On a line a break is one blank.
        Accepts(new { subject = "{{v}}x", variables = new { v = Many("é", 498) + "\r\n" } });
        var error = One(new { subject = "{{v}}xxx", variables = new { v = Many("é", 498) } });

        Assert.Equal(("subject", "is longer than 998 bytes once it is filled"), (error.Field, error.Message));
    }

    [Fact]
    public void A_recipients_own_values_are_named_by_its_path()
    {
        var validated = Validate(With(Json(new
        {
            to = (object?)null,
            subject = "{{v}}",
            text = "{{v}}{{w}}",
            personalizations = new object[]
            {
                new { to = new[] { Ann }, variables = new { v = "1", w = "2" } },
                new { to = new[] { Ann }, variables = new { v = Text(999), w = "2" } },
                new { to = new[] { Ann }, variables = new { v = "1" } },
                new { to = new[] { Ann }, subject = "Own {{w}}", variables = new { v = "1", w = Text(999) } },
                new { to = new[] { Ann }, subject = "Own {{x}}", variables = new { v = "1", w = "2" } },
                new { to = new[] { Ann }, headers = new Dictionary<string, string> { ["X-A"] = "{{v}}" },
                    variables = new { v = "1", w = "2" } },
            },
        })));

        Assert.Equal(
            [
                "personalizations[1].variables make subject longer than 998 bytes",
                "personalizations[2].variables have no value for {{w}} at character 6 of text",
                "personalizations[3].subject is longer than 998 bytes once it is filled",
                "personalizations[4].subject has {{x}} at character 5, which no variable fills",
                "personalizations[5].headers.X-A has {{v}} at character 1, and only subject, text and html are filled",
            ],
            validated.Errors.Select(e => $"{e.Field} {e.Message}"));
    }

    [Fact]
    public void A_mail_whose_values_were_forgotten_is_refused_where_others_have_theirs()
    {
        var error = One(new
        {
            to = (object?)null,
            text = "Hello {{name}}",
            personalizations = new object[]
            {
                new { to = new[] { Ann }, variables = new { name = "Ann" } },
                new { to = new[] { Ann } },
            },
        });

        Assert.Equal("personalizations[1].variables", error.Field);
    }

    [Theory]
    [InlineData("Hi {{nmae}}", "{{nmae}} at character 4")]
    [InlineData("{{name}}{{ #if x }}", "{{#if x}} at character 9")]
    [InlineData("{{{name}}}", "{{{name}} at character 1")]
    [InlineData("{{}}", "{{}} at character 1")]
    public void A_placeholder_that_nothing_fills_is_named_with_its_place(string text, string named)
    {
        var error = One(new { text, variables = new { name = "Ann" } });

        Assert.Equal(("text", $"has {named}, which no variable fills"), (error.Field, error.Message));
    }

    [Theory]
    [InlineData("{{x}} {{}} {{{x}}}")]
    [InlineData("{{")]
    public void Without_variables_braces_are_the_senders_own(string text) =>
        Accepts(new { text, html = text, subject = text, headers = new Dictionary<string, string> { ["X-A"] = text } });

    [Theory]
    [InlineData("unsubscribe_url")]
    [InlineData("preferences_url")]
    [InlineData("message_id")]
    public void What_the_engine_will_fill_itself_is_not_there_yet(string name)
    {
        var used = $"{{{{ {name} }}}}";
        var set = new Dictionary<string, string> { [name] = "x" };

        foreach (var error in new[]
        {
            One(new { text = used }), One(new { html = used }), One(new { subject = used }),
            One(new { text = used, variables = new { a = "b" } }),
            One(new { headers = new Dictionary<string, string> { ["List-Unsubscribe"] = $"<{used}>" } }),
            One(new { variables = set }),
        })
            Assert.EndsWith("not yet", error.Message, StringComparison.Ordinal);
        Assert.Equal($"text variables.{name}", string.Join(' ',
            Validate(With(Json(new { text = used, variables = set }))).Errors.Select(e => e.Field).Order()));
    }

    [Theory]
    [InlineData("""{"from": {"email": "a@example.com", "name": "{{a}}"}}""", "from")]
    [InlineData("""{"reply_to": "{{a}} <a@example.com>"}""", "reply_to")]
    [InlineData("""{"to": ["b@example.com", "{{a}} <a@example.com>"]}""", "to[1]")]
    [InlineData("""{"cc": ["{{a}} <c@example.com>"]}""", "cc[0]")]
    [InlineData("""{"headers": {"X-A": "x {{a}}"}}""", "headers.X-A")]
    [InlineData("""{"attachments": [{"filename": "{{a}}.pdf", "content": ""}]}""", "attachments[0].filename")]
    public void Where_nothing_is_filled_a_placeholder_is_a_mistake(string change, string field)
    {
        Assert.Empty(Validate(With(change)).Errors);
        var variables = change[..^1] + """, "variables": {"a": "b"}}""";

        var error = Assert.Single(Validate(With(variables)).Errors);

        Assert.Equal(field, error.Field);
        Assert.EndsWith("and only subject, text and html are filled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_have_a_bound_of_their_own()
    {
        Accepts(new { variables = new { v = Text(256 * 1024 - 1) } });
        Assert.Equal("variables", One(new { variables = new { v = Text(256 * 1024) } }).Field);
        Assert.Equal("personalizations[0].variables", One(new
        {
            to = (object?)null,
            personalizations = new[] { new { to = new[] { Ann }, variables = new { v = Text(256 * 1024) } } },
        }).Field);
    }

    [Fact]
    public void A_name_has_no_brace_and_no_blank_at_its_ends()
    {
        foreach (var name in new[] { "a}", "{a", " a", "a\u00a0" })
        {
            var variables = new Dictionary<string, string> { [name] = "x" };
            Assert.Equal($"variables.{name}", One(new { variables }).Field);
        }
    }

    [Fact]
    public void Variables_that_were_refused_are_not_missing_too()
    {
        var variables = Enumerable.Range(0, 101).ToDictionary(i => $"v{i}", _ => "x");

        Assert.Equal("variables", One(new { text = "{{v0}}", variables }).Field);
    }

    /// <summary>Whoever was promised a mail gets no larger one: both sides read with the same eyes.</summary>
    [Fact]
    public void What_is_promised_is_what_is_composed()
    {
        var send = Validate(With(Json(new { text = "{{ a }}{{{{a}}", variables = new { a = "é" } }))).Send!;

        Assert.Equal("é{{é", Filling.Fill(send.Content.Text!, send.Envelope.Mails[0].Variables, FillMode.Text));
    }

    [Fact]
    public void A_thousand_recipients_of_a_large_text_are_read_once()
    {
        var text = Many("{{v}} ", 1_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var validated = Validate(With(Json(new
        {
            to = (object?)null,
            text,
            personalizations = Enumerable.Range(0, 1_000)
                .Select(_ => new { to = new[] { Ann }, variables = new { v = "12345" } }),
        })));

        Assert.Empty(validated.Errors);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);   // Filled, they have 6 GB.
    }
}
