using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>Tenants and keys of an installation, as its operator makes them.</summary>
internal static class Tenants
{
    /// <summary>A new tenant, with a quota or without, and a key of it.</summary>
    public static async Task<Api> Tenant(
        this Installation at, string name, object? quota = null, params string[] scopes)
    {
        await at.Make("/v1/tenants", new { name, quota });
        return await at.Key(name, scopes.Length == 0 ? ["send", "read"] : scopes);
    }

    public static async Task<Api> Key(this Installation at, string tenant, params string[] scopes) => new(
        at.Server.Url, (string)(await at.Make("/v1/keys", new { name = "k", scopes }, tenant))["key"]!);

    /// <summary>Must be answered with 201.</summary>
    public static async Task<JsonNode> Make(this Installation at, string path, object body, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (tenant is not null) request.Headers.Add("AkkaMail-Tenant", tenant);
        using var answer = await at.Api.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Adds a domain to a tenant, publishes its records, and has them looked up.</summary>
    public static async Task Verify(this SharedServer at, string domain, string tenant)
    {
        await at.Installation.Make("/v1/domains", new { domain }, tenant);
        await at.Publish(domain);
        using var verified = await at.Api.Http.PostAsync($"/v1/domains/{domain}/verify", null);
        var text = await verified.Content.ReadAsStringAsync();
        Assert.True((string?)JsonNode.Parse(text)!["state"] == "verified", text);
    }

    /// <summary>A domain's records as the server says they have to be, in DNS.</summary>
    public static async Task Publish(this SharedServer at, string domain)
    {
        var zone = await at.Api.Http.GetStringAsync($"/v1/domains/{domain}/zone");
        await at.Dns.Publish(domain, zone.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>How many messages a tenant has, once every event is in the read model.</summary>
    public static async Task<int> Accepted(this SharedServer at, string tenant)
    {
        await at.Api.Status(_ => true);
        using var api = new Api(at.Installation.Server.Url, tenant: tenant);
        return (await api.All("")).Count;
    }

    /// <summary>The status alone, whatever the body is; a POST without one has <c>{}</c>.</summary>
    public static async Task<HttpStatusCode> Status(
        this Api api, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null || method == HttpMethod.Post)
            request.Content = new StringContent(json ?? "{}", Encoding.UTF8, "application/json");
        using var answer = await api.Http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>The status, and the body where there is one.</summary>
    public static async Task<(HttpStatusCode Status, JsonNode? Body)> Ask(
        this Api api, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await api.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
