using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using CsCheck;
using Xunit;
using static AkkaMail.Server.Tests.Api.Messages.Sends;

namespace AkkaMail.Server.Tests.Api.Messages;

public class VariablesTests
{
    private static Variable[] Kept(object fields) =>
        [.. Assert.Single(Validate(With(Json(fields))).Send!.Envelope.Mails).Variables];

    [Fact]
    public void Only_what_a_placeholder_names_is_kept()
    {
        var variables = new { a = "1", b = "2", c = "3", d = "4" };

        Assert.Equal([new("a", "1"), new("b", "2"), new("c", "3")],
            Kept(new { subject = "{{a}}", text = "{{ b }}", html = "<p>{{c}}</p>", variables }));
        Assert.Empty(Kept(new { variables }));
    }

    /// <summary>In the text that is made of it, no tag stands between the braces any more.</summary>
    [Fact]
    public void What_only_the_text_made_of_the_HTML_names_is_kept() =>
        Assert.Equal([new("name", "Ann")],
            Kept(new { text = (object?)null, html = "{<b>{name}}</b>", variables = new { name = "Ann" } }));

    [Fact]
    public void A_subject_of_its_own_names_variables_of_its_own()
    {
        var mails = Validate(With("""
            {"to": null, "subject": "{{a}}", "variables": {"a": "1", "b": "2"}, "personalizations": [
                {"to": ["a@example.com"]}, {"to": ["a@example.com"], "subject": "{{b}}"}]}
            """)).Send!.Envelope.Mails;

        Assert.Equal([new Variable("a", "1")], mails[0].Variables.ToArray());
        Assert.Equal([new Variable("b", "2")], mails[1].Variables.ToArray());
    }

    /// <summary>However a value is written: escaped or not, in one octet or four, with others before it.</summary>
    [Fact]
    public void A_value_is_what_was_sent() =>
        Gen.Select(Gen.String, Gen.String, Gen.Bool).Sample((value, before, isEscaped) =>
        {
            // Half a pair is no text, and refused.
            value = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
            var json = With(Json(new { text = "{{v}}", variables = new { before, v = value } }));
            if (!isEscaped) json = Unescaped(json, value);
            if (Read(json) is not BodyRead<SendRequest>.Done) return;

            var send = Validate(json).Send!;

            Assert.Equal(value, Filling.Fill("{{v}}", send.Envelope.Mails[0].Variables, FillMode.Text));
        });

    [Fact]
    public void A_value_is_what_was_sent_behind_a_byte_order_mark()
    {
        var json = With(Json(new { text = "{{v}}", variables = new { v = "Ann" } }));
        var body = RequestReader.WithoutMark(Encoding.UTF8.GetBytes('\uFEFF' + json));
        var request = ((BodyRead<SendRequest>.Done)RequestReader.Read(
            body.Span, SendJson.Default.SendRequest, SendBounds.Default)).Value;

        var send = SendValidation.Validate(request, body, Noon, SendLimits.Default).Send!;

        Assert.Equal("Ann", Assert.Single(send.Envelope.Mails[0].Variables).Value);
    }

    /// <summary>What is written long may be short once it is read, and counts as it is read.</summary>
    [Fact]
    public void The_bound_counts_what_is_meant()
    {
        string Written(int letters) =>
            With("""{"variables": {"v": "LONG"}}""").Replace("LONG", string.Concat(Enumerable.Repeat("\\u0061", letters)), StringComparison.Ordinal);

        Assert.Empty(Validate(Written(256 * 1024 - 1)).Errors);
        Assert.Equal("variables", Fields(Validate(Written(256 * 1024))));
    }

    [Theory]
    [InlineData("""{"variables": {"a": 1}}""", "must be text")]
    [InlineData("""{"variables": {"a": {}}}""", "must be text")]
    [InlineData("""{"variables": {"a": null}}""", "must be text")]
    public void A_value_is_text(string fields, string message)
    {
        var error = Assert.Single(Validate(With(fields)).Errors);

        Assert.Equal(("variables.a", message), (error.Field, error.Message));
    }

    [Fact]
    public void A_variable_is_given_once()
    {
        var error = Assert.Single(Validate(
            """{"to": "a@example.com", "from": "a@b.test", "text": "x", "variables": {"a": "1", "a": "2"}}""").Errors);

        Assert.Equal("is given twice", error.Message);
    }

    private static string Unescaped(string json, string value)
    {
        var escaped = Json(value)[1..^1];
        return escaped.Length == 0 || value.Any(c => c is '"' or '\\' || char.IsControl(c)) ? json
            : json.Replace($"\"v\":\"{escaped}\"", $"\"v\":\"{value}\"", StringComparison.Ordinal);
    }
}
