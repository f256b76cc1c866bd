using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>Every example of the description is sent as it stands, and does what it says.</summary>
[Collection(Resolving.Name)]
public sealed class DescriptionExamples(Resolving server)
{
    private static string Folder => Path.Combine(ThisBuild.Root, "docs/examples");

    public static TheoryData<string> All => [.. Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)!).Order()];

    [Fact]
    public async Task Every_operation_with_a_body_has_an_example()
    {
        var api = await Described.Read(server.Api.Http);

        Assert.Empty(api.Operations.Where(o => o.Node["requestBody"] is { } body
            && body["content"]!.AsObject().All(media => media.Value!["examples"] is null)).Select(o => o.Id));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_example_is_described_sent_and_taken(string file)
    {
        var (operation, name) = (file.Split('.')[0], file.Split('.')[1]);
        using var tenant = await server.NewTenant("example");
        var api = await Described.Read(tenant.Http);
        var described = api.Operations.Single(o => o.Id == operation);
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, file));

        var (type, body) = described.Node["requestBody"]!["content"]!.AsObject().Single(c =>
            c.Value!["examples"]?[name] is not null && (c.Key == "text/plain") == file.EndsWith(".txt", StringComparison.Ordinal));
        var value = body!["examples"]![name]!["value"]!;
        Assert.True(type == "application/json" ? JsonNode.DeepEquals(JsonNode.Parse(text), value) : text == (string?)value,
            "it is not in the description");
        using var parsed = JsonDocument.Parse(value.ToJsonString());
        Assert.Empty(api.Faults(body["schema"]!, parsed.RootElement));
        // The server that is asked would end, or has no such fellow: stories of several nodes send them (Cluster/OneTruth).
        if (operation is "LeaveCluster" or "DownNode" or "MoveLedger") return;
        // The tenant's example makes a tenant: that is the installation's to do.
        var http = (string?)described.Node["x-scope"] == "admin" ? server.Api.Http : tenant.Http;
        using var answer = await http.SendAsync(new(new(described.Method.ToUpperInvariant()), await PathOf(described, tenant))
        {
            Content = new StringContent(text, MediaTypeHeaderValue.Parse(type)),
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What it is about has to be there.</summary>
    private async Task<string> PathOf(DescribedOperation operation, Api tenant)
    {
        switch (operation.Id)
        {
            case "RebuildProjection":
                if ((await server.Api.Generations()).Length > 1) await server.Api.Order("drop");
                return "/v1/projections/messages/rebuild";
            case "ChangeStream": return "/v1/streams/broadcast";
            case "ChangeTenant":
                return $"/v1/tenants/{(await Made("/v1/tenants", new { name = Mails.Unique("acme") }))["name"]}";
            case "ChangeKey":
                return $"/v1/keys/{(await Made("/v1/keys", new { name = "k", scopes = new[] { "send" } }, tenant))["id"]}";
            case "RotateDomain":
                var domain = server.Domain();
                await server.Verify(domain, NameOf(tenant));
                return $"/v1/domains/{domain}/rotate";
            case "UploadDmarcReport" or "UploadTlsReport":
                // A domain is one tenant's: whichever example comes first has it.
                using (await server.Api.Http.DeleteAsync("/v1/domains/reports.example.com"))
                    await Made("/v1/domains", new { domain = "reports.example.com" }, tenant);
                return operation.Path;
            default:
                if (!operation.Path.StartsWith("/v1/lanes/", StringComparison.Ordinal)) return operation.Path;
                // A receiver that no other test sends to; only a provider has a warm-up of its own.
                var isWarmUp = operation.Id.EndsWith("WarmUp", StringComparison.Ordinal);
                var lane = $"/v1/lanes/default/{(isWarmUp ? "google" : $"{Mails.Unique("site")}.test")}";
                foreach (var before in operation.Id switch
                {
                    "PauseWarmUp" or "CompleteWarmUp" => (string[])["start"],
                    "ResumeWarmUp" => ["start", "pause"],
                    _ => [],
                })
                    using (var done = await Post(
                        $"{lane}/warm-up/{before}?new=true", before == "start" ? """{"plan":"sendgrid"}""" : "{}"))
                        Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync());
                return $"{lane}/{operation.Path.Split("{site}/")[1]}?new=true";
        }
    }

    private Task<HttpResponseMessage> Post(string path, string body) => server.Api.Http.PostAsync(
        path, new StringContent(body, new MediaTypeHeaderValue("application/json")));

    private Task<JsonNode> Made(string path, object what, Api? tenant = null) =>
        server.Installation.Make(path, what, tenant is null ? null : NameOf(tenant));

    private static string NameOf(Api tenant) => tenant.Http.DefaultRequestHeaders.GetValues("AkkaMail-Tenant").Single();
}
