using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>
/// The answers in the description are what a server has answered (<c>AKKAMAIL_WRITE_DOCS=1</c> records them), have the
/// members that it answers with today, and are as their schemas say.
/// </summary>
[Collection(Resolving.Name)]
public sealed partial class DescriptionAnswers(Resolving server)
{
    private static readonly string Folder = Path.Combine(ThisBuild.Root, "docs/examples/answers");
    private static readonly bool Records = Environment.GetEnvironmentVariable("AKKAMAIL_WRITE_DOCS") == "1";

    private static readonly JsonSerializerOptions Plain =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task A_promise_its_story_and_a_refusal_are_as_they_are_told()
    {
        var (domain, name) = (server.Domain(), Mails.Unique("corner-shop"));
        (string, string)[] told = [(domain, "example.net"), (name, "corner-shop")];
        using var tenant = await server.Installation.Tenant(name, new { day = 10 });
        var receipt = await File.ReadAllTextAsync(Path.Combine(ThisBuild.Root, "docs/examples/SendMessages.receipt.json"));

        var sent = await Same("SendMessages.202.receipt", tenant, HttpMethod.Post, "/v1/messages", told,
            receipt.Replace("example.net", domain, StringComparison.Ordinal));
        var id = (string)sent["messages"]![0]!["id"]!;
        await tenant.Ended(id);
        await Same("GetMessage.200.delivered", tenant, HttpMethod.Get, $"/v1/messages/{id}", told);
        await Same("SendMessages.422.two-faults", tenant, HttpMethod.Post, "/v1/messages", told,
            """{ "from": "shop", "to": ["ann@example.net", "bob"], "text": "Hello" }""");
        var ten = Enumerable.Range(0, 10).Select(i => $"ann{i}@example.net");
        await Same("SendMessages.429.over-quota", tenant, HttpMethod.Post, "/v1/messages", told,
            JsonSerializer.Serialize(new { from = "shop@example.com", to = ten, text = "Hello" }));
    }

    [Fact]
    public async Task A_lane_and_what_holds_for_a_domain_are_as_they_are_told()
    {
        var order = await File.ReadAllTextAsync(Path.Combine(ThisBuild.Root, "docs/examples/SuspendLane.two-hours.json"));
        using (var done = await server.Api.Http.PostAsync(
            "/v1/lanes/default/yahoo/suspend?new=true", new StringContent(order, Encoding.UTF8, "application/json")))
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);

        await Same("GetLane.200.suspended", server.Api, HttpMethod.Get, "/v1/lanes/default/yahoo", []);
        await server.Dns.Publish("explained.test", "mx-host=explained.test,aspmx.l.google.com,1");
        await Same("ExplainSite.200.google", server.Api, HttpMethod.Get, "/v1/sites/explained.test/explain",
            [("explained.test", "example.net")]);
    }

    /// <param name="told">What the names of a test are called in the documentation.</param>
    private static async Task<JsonNode> Same(
        string file, Api api, HttpMethod method, string path, (string Name, string As)[] told, string? body = null)
    {
        var (operation, status, name) = (file.Split('.')[0], file.Split('.')[1], file.Split('.')[2]);
        using var answer = await api.Http.SendAsync(new(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        });
        var received = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(status, $"{(int)answer.StatusCode}");
        if (Records)
        {
            Directory.CreateDirectory(Folder);
            var text = told.Aggregate(
                received.ToJsonString(Plain), (t, name) => t.Replace(name.Name, name.As, StringComparison.Ordinal));
            // Of the documentation's network (RFC 5737), as all else in it.
            text = Receiver().Replace(text, "[192.0.2.25]:25").Replace("127.0.0.1", "192.0.2.11", StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(Folder, $"{file}.json"), text + "\n");
        }
        var described = await Described.Read(api.Http);
        var content = described.Operations.Single(o => o.Id == operation)
            .Node["responses"]![status]!["content"]!.AsObject().Single().Value!;
        var kept = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, $"{file}.json")))!;
        using var parsed = JsonDocument.Parse(kept.ToJsonString());

        Assert.Empty(described.Faults(content["schema"]!, parsed.RootElement));
        Assert.Equal(Members(received).Order(), Members(kept).Order());
        // What was recorded just now is in the description of the next build.
        if (!Records)
            Assert.True(JsonNode.DeepEquals(kept, content["examples"]![name]!["value"]), $"{file} is not in the description");
        return received;
    }

    [GeneratedRegex(@"\[127\.0\.0\.1\]:[0-9]+")]
    private static partial Regex Receiver();

    /// <summary>Of all depths, each once; entries of a list have what one of them has.</summary>
    private static HashSet<string> Members(JsonNode node, string path = "") => node switch
    {
        JsonObject o => [.. o.SelectMany(m => Members(m.Value!, $"{path}.{m.Key}").Append($"{path}.{m.Key}"))],
        JsonArray a => [.. a.SelectMany(e => Members(e!, $"{path}[]"))],
        _ => [],
    };
}
