using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Composing;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// What variables make of a mail: known before it is promised, made in linear time, shown as it was sent.
/// </summary>
[Collection(Resolving.Name)]
public sealed class FilledMail(Resolving server)
{
    [Theory]
    [InlineData(5_000, 100_000)]   // 500 MB of 125 KB.
    [InlineData(100_000, 100_000)]   // More than a string can have.
    public async Task A_mail_that_variables_blow_up_is_refused_and_costs_nothing(int places, int length)
    {
        var process = server.Installation.Server;
        var (rss, cpu) = (process.RssNow(), process.Cpu);

        using var answer = await Post(new
        {
            from = "shop@sender.test",
            to = "ann@d1.test",
            text = Many("{{v}}", places),
            variables = new { v = new string('x', length) },
        });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var error = Assert.Single(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsArray())!;
        Assert.Equal("text is longer than 41943040 bytes once it is filled", $"{error["field"]} {error["message"]}");
        Assert.InRange(process.Rss(peak: false) - rss, double.MinValue, 200);
        Assert.InRange(process.Cpu - cpu, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData("{{")]
    [InlineData("{{ ")]
    [InlineData("{{}")]
    public async Task A_megabyte_of_braces_is_sent_and_shown_in_linear_time(string piece)
    {
        var to = $"{Mails.Unique("ann")}@d1.test";
        var cpu = server.Installation.Server.Cpu;

        var (many, end) = (Many(piece, 1_000_000 / piece.Length), new string('x', 300) + "}}");

        var text = many + "{{a}}" + end;
        var id = (await server.Api.Send(new { from = "shop@sender.test", to, text, variables = new { a = "b" } }))[0];

        Assert.Equal("delivered", (await server.Api.Ended(id)).Status);
        var raw = await server.Api.Http.GetByteArrayAsync($"/v1/messages/{id}/raw");
        Assert.Equal(many + "b" + end, (await ParsedMail.ReadAsync(raw)).Body.Text!.TrimEnd('\n'));
        // It was 21 s each.
        Assert.InRange(server.Installation.Server.Cpu - cpu, TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task The_subject_that_is_shown_is_the_one_that_was_sent()
    {
        var tag = Mails.Unique("t");
        var ids = await server.Api.Send(new
        {
            from = "shop@sender.test",
            subject = "Hello {{name}}",
            text = "x",
            tags = new[] { tag },
            personalizations = new object[]
            {
                new { to = $"{tag}a@d1.test", variables = new { name = "Ann\r\n<3" } },
                new { to = $"{tag}b@d1.test", subject = "Dear {{name}}", variables = new { name = "Bob ☕" } },
            },
        });

        string?[] shown = await Task.WhenAll(ids.Select(async id => (await server.Api.Ended(id)).Subject));

        Assert.Equal("Hello Ann <3|Dear Bob ☕", string.Join('|', shown));
        foreach (var (recipient, subject) in new[] { ($"{tag}a@d1.test", shown[0]), ($"{tag}b@d1.test", shown[1]) })
        {
            var sunk = server.Sink.Mails.Single(m => m.Recipients.Contains(recipient));
            Assert.Equal(subject, (await ParsedMail.ReadAsync(sunk.Bytes)).Header("Subject"));
        }
        await Wait.Until(async () =>
            (await server.Api.All($"tag={tag}")).Select(m => m.Subject).Order().SequenceEqual([null, "Dear Bob ☕"]));
    }

    private Task<HttpResponseMessage> Post(object mail) => server.Api.Http.PostAsJsonAsync("/v1/messages", mail);

    private static string Many(string piece, int count) => new StringBuilder().Insert(0, piece, count).ToString();
}
