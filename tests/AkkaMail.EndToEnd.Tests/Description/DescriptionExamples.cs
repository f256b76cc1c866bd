using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>Every example of the description is sent as it stands, and does what it says.</summary>
[Collection(Relaying.Name)]
public sealed class DescriptionExamples(Relaying server)
{
    public static TheoryData<string> All => [.. Directory.GetFiles(Path.Combine(ThisBuild.Root, "docs/examples"))
        .Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_example_is_described_sent_and_taken(string file)
    {
        var (operation, name) = (file.Split('.')[0], file.Split('.')[1]);
        using var tenant = await server.NewTenant("example");
        var api = await Described.Read(tenant.Http);
        var described = api.Operations.Single(o => o.Id == operation);
        var text = await File.ReadAllTextAsync(Path.Combine(ThisBuild.Root, "docs/examples", $"{file}.json"));
        var body = described.Node["requestBody"]!["content"]!["application/json"]!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), body["examples"]![name]!["value"]), "it is not in the description");
        using var parsed = JsonDocument.Parse(text);
        Assert.Empty(api.Faults(body["schema"]!, parsed.RootElement));
        // The tenant's example makes a tenant: that is the installation's to do.
        var http = (string?)described.Node["x-scope"] == "admin" ? server.Api.Http : tenant.Http;
        using var answer = await http.SendAsync(new(new(described.Method.ToUpperInvariant()), await PathOf(described, tenant))
        {
            Content = new StringContent(text, Encoding.UTF8, "application/json"),
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What it is about has to be there.</summary>
    private static async Task<string> PathOf(DescribedOperation operation, Api tenant)
    {
        var path = operation.Path.Replace("{source}", "default", StringComparison.Ordinal)
            .Replace("{site}", "relay", StringComparison.Ordinal);
        if (path.Contains("/v1/streams/", StringComparison.Ordinal))
            return path.Replace("{name}", "broadcast", StringComparison.Ordinal);
        if (path.Contains("/v1/tenants/", StringComparison.Ordinal))
            return path.Replace("{name}", (await Made(tenant, "/v1/tenants", new { name = Mails.Unique("acme") }))["name"]!);
        if (path.Contains("/v1/keys/", StringComparison.Ordinal))
            return path.Replace("{id}", (await Made(tenant, "/v1/keys", new { name = "k", scopes = new[] { "send" } }))["id"]!);
        return path;
    }

    private static async Task<Dictionary<string, string>> Made(Api api, string path, object what)
    {
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = api.Http.DefaultRequestHeaders.Authorization;
        if (path != "/v1/tenants")
            http.DefaultRequestHeaders.Add("AkkaMail-Tenant", api.Http.DefaultRequestHeaders.GetValues("AkkaMail-Tenant"));
        using var answer = await http.PostAsJsonAsync(path, what);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject()
            .Where(p => p.Value is JsonValue).ToDictionary(p => p.Key, p => p.Value!.ToString());
    }
}
