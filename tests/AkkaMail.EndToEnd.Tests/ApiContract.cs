using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What a client may rely on: ids at once, lists, cancelling, keys, health, figures.</summary>
[Collection(Resolving.Name)]
public class ApiContract(Resolving server)
{
    private Api Api => server.Api;

    [Fact]
    public async Task A_GET_right_after_the_202_finds_the_message()
    {
        for (var i = 0; i < 200; i++)
        {
            using var answer = await Api.Post(Mails.To($"ann{i}@d{i % 20}.test"));
            var sent = (await answer.Content.ReadFromJsonAsync<Sent>(Api.Json))!;
            var story = await Api.Story(sent.Messages[0].Id);

            Assert.Equal((HttpStatusCode.Accepted, "accepted"), (answer.StatusCode, sent.Messages[0].Status));
            Assert.Equal($"/v1/messages/{sent.Messages[0].Id}", answer.Headers.Location?.ToString());
            Assert.Equal((sent.Messages[0].Id, $"ann{i}@d{i % 20}.test"), (story.Id, story.To));
            Assert.Equal("accepted", story.Events![0].Type);
        }
    }

    [Fact]
    public async Task A_list_is_paged_newest_first_and_narrowed_by_each_filter()
    {
        var (tag, local) = (Mails.Unique("t"), Mails.Unique("ann"));
        var ids = new List<string>();
        for (var i = 0; i < 20; i++) ids.AddRange(await Api.Send(Mails.Tagged(tag, $"{local}{i}@d{i}.test")));
        ids.AddRange(await Api.Send(Mails.Tagged(tag, $"permfail+{local}@d1.test")));
        ids.AddRange(await Api.Send(new
        {
            from = "a@sender.test",
            to = $"{local}@d1.test",
            subject = "s",
            text = "t",
            tags = new[] { tag },
            stream = "broadcast",
        }));
        await Wait.Until(async () => (await Api.All($"tag={tag}")).Count(m => m.HasEnded) == ids.Count);

        var pages = new List<Page> { await Api.List($"tag={tag}&limit=8") };
        while (pages[^1].NextCursor is { } cursor)
            pages.Add(await Api.List($"tag={tag}&limit=8&cursor={Uri.EscapeDataString(cursor)}"));
        Assert.Equal([8, 8, 6], pages.Select(p => p.Messages.Length));
        var all = pages.SelectMany(p => p.Messages).ToList();
        Assert.Equal(ids.Order(), all.Select(m => m.Id).Order());
        Assert.Equal(all.OrderByDescending(m => m.AcceptedAt).Select(m => m.AcceptedAt), all.Select(m => m.AcceptedAt));

        Assert.Equal([ids[20]], (await Api.All($"tag={tag}&status=bounced")).Select(m => m.Id));
        Assert.Equal([ids[21]], (await Api.All($"tag={tag}&stream=broadcast")).Select(m => m.Id));
        Assert.Equal([ids[7]], (await Api.All($"tag={tag}&domain=D7.test")).Select(m => m.Id));
        Assert.Equal([ids[7]], (await Api.All($"recipient={local.ToUpperInvariant()}7@D7.test")).Select(m => m.Id));
        var middle = all.OrderBy(m => m.AcceptedAt).ElementAt(10).AcceptedAt.ToString("O").Replace("+", "%2B");
        Assert.Equal(12, (await Api.All($"tag={tag}&from={middle}")).Count);
        Assert.Equal(10, (await Api.All($"tag={tag}&to={middle}")).Count);
        Assert.Empty(await Api.All($"tag={tag}&from={middle}&to={middle}"));
    }

    [Fact]
    public async Task A_scheduled_message_can_be_cancelled_and_cancelled_again()
    {
        var id = (await Api.Send(new
        {
            from = "a@sender.test",
            to = "ann@d1.test",
            text = "t",
            send_at = TimeProvider.System.GetUtcNow().AddHours(1),
        }))[0];
        Assert.Equal("scheduled", (await Api.Story(id)).Status);

        for (var i = 0; i < 2; i++)
        {
            using var answer = await Api.Http.DeleteAsync($"/v1/messages/{id}?note=sent%20twice");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal($$"""{"id":"{{id}}","status":"cancelled"}""", await answer.Content.ReadAsStringAsync());
        }
        Assert.Equal("scheduled cancelled", (await Api.Story(id)).Types);
        Assert.Contains("\"note\":\"sent twice\"", await Api.StoryText(id), StringComparison.Ordinal);
        var tooLong = new string('x', 501);
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity, await Api.Status(HttpMethod.Delete, $"/v1/messages/{id}?note={tooLong}"));
    }

    [Fact]
    public async Task What_has_started_or_ended_cannot_be_cancelled()
    {
        var deferred = (await Api.Send(Mails.To("tempfail@d1.test")))[0];
        await Api.Story(deferred, s => s.Attempts > 0);
        var delivered = (await Api.Send(Mails.To("ann@d1.test")))[0];
        await Api.Ended(delivered);

        foreach (var id in new[] { deferred, delivered })
        {
            using var answer = await Api.Http.DeleteAsync($"/v1/messages/{id}");
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
        foreach (var unknown in new[] { delivered[..26] + "-7", "nonsense", new string('7', 26) + "-0" })
        {
            using var answer = await Api.Http.DeleteAsync($"/v1/messages/{unknown}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_repeat_with_its_key_gets_the_first_answer_also_after_projection_and_restart()
    {
        var (key, tag) = (Mails.Unique("key"), Mails.Unique("t"));
        var mail = Mails.Tagged(tag, "ann@d1.test", "bob@d2.test");
        var first = await Text(await Api.Post(mail, key));

        using (var again = await Api.Post(mail, key))
        {
            Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
            Assert.Equal(first, await again.Content.ReadAsStringAsync());
        }
        await Wait.Until(async () => (await Api.All($"tag={tag}")).Count(m => m.HasEnded) == 2);
        Assert.Equal(first, await Text(await Api.Post(mail, key)));
        await server.Installation.Restart();
        Assert.Equal(first, await Text(await Api.Post(mail, key)));
        server.Installation.Kill();
        await server.Installation.Up();
        Assert.Equal(first, await Text(await Api.Post(mail, key)));

        using var other = await Api.Post(Mails.Tagged(tag, "eve@d1.test"), key);
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Equal(2, (await Api.All($"tag={tag}")).Count);
    }

    [Fact]
    public async Task Twenty_at_once_with_one_key_are_one_submission()
    {
        var key = Mails.Unique("key");
        var mail = Mails.To("ann@d1.test");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(async _ => await Text(await Api.Post(mail, key))));

        Assert.Single(answers.Distinct());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer wrong-key-0123456789")]
    [InlineData("Basic dGVzdC1rZXktMDEyMzQ1Njc4OWFiY2RlZg==")]
    [InlineData("test-key-0123456789abcdef")]
    public async Task Without_the_key_there_is_a_401_everywhere(string? authorization)
    {
        using var http = new HttpClient { BaseAddress = Api.Http.BaseAddress };
        if (authorization is not null)
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        var id = (await Api.Send(Mails.To("ann@d1.test")))[0];

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/v1/messages"), (HttpMethod.Get, "/v1/messages"), (HttpMethod.Get, $"/v1/messages/{id}"),
            (HttpMethod.Get, $"/v1/messages/{id}/raw"), (HttpMethod.Delete, $"/v1/messages/{id}"),
            (HttpMethod.Get, "/v1/status"), (HttpMethod.Post, "/v1/projections/messages/rebuild"),
            (HttpMethod.Get, "/v1/projections"), (HttpMethod.Post, "/v1/projections/messages/swap"),
            (HttpMethod.Get, "/V1/messages"), (HttpMethod.Get, "/v1/lanes"),
            (HttpMethod.Post, "/v1/lanes/default/mx.d1.test/suspend"),
            (HttpMethod.Post, "/v1/bounces/parse"), (HttpMethod.Post, "/v1/bounces/classify"),
        })
        {
            using var answer = await http.SendAsync(
                new(method, path) { Content = JsonContent.Create(Mails.To("x@d1.test")) });
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {answer.StatusCode}");
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task The_raw_mail_is_what_was_sent()
    {
        var local = Mails.Unique("ann");
        var id = (await Api.Send(Mails.To($"{local}@d1.test")))[0];
        await Api.Ended(id);

        var raw = await Api.Http.GetByteArrayAsync($"/v1/messages/{id}/raw");

        var sunk = server.Sink.Mails.Single(m => m.Recipients[0].StartsWith(local, StringComparison.Ordinal));
        Assert.Equal(sunk.Bytes, raw);
    }

    [Fact]
    public async Task Health_is_told_without_a_key()
    {
        using var http = new HttpClient { BaseAddress = Api.Http.BaseAddress };

        Assert.Equal("live", await http.GetStringAsync("/health/live"));
        Assert.Equal("""{"status":"ready","reasons":[]}""", await http.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task Every_figure_is_at_metrics()
    {
        var id = (await Api.Send(Mails.To("ann@d1.test")))[0];
        await Api.Ended(id);

        string[] expected =
        [
            "akkamail_messages_accepted_total{", "akkamail_messages_unfinished{",
            "akkamail_messages_oldest_due_seconds{",
            "akkamail_commit_duration_seconds_bucket{", "akkamail_commit_commands_bucket{", "akkamail_projector_lag{",
            "akkamail_lane_rate_per_second{", "akkamail_lane_connections{", "akkamail_lane_depth{",
            "akkamail_lane_suspended{",
        ];
        var text = "";
        await Wait.Until(async () =>
        {
            text = await Api.Http.GetStringAsync("/metrics");
            return text.Split('\n').Any(line => line.StartsWith("akkamail_attempts_total{", StringComparison.Ordinal)
                && line.Contains("outcome=\"delivered\"", StringComparison.Ordinal)
                && line.Contains("site=\"mx.d1.test\"", StringComparison.Ordinal));
        }, seen: () => text);
        var missing = expected.Where(name => !text.Contains('\n' + name, StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, $"missing: {string.Join(' ', missing)} in\n{text}");
    }

    private static async Task<string> Text(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
            return text;
        }
    }
}
