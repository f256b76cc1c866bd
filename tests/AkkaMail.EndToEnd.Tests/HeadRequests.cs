using System.Net;
using System.Net.Http.Json;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What RFC 9110 has for every API: HEAD wherever GET is, and where to find what was made.</summary>
[Collection(Resolving.Name)]
public sealed class HeadRequests(Resolving server)
{
    private HttpClient Http => server.Api.Http;

    [Theory]
    [InlineData("/docs")]
    [InlineData("/llms.txt")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/")]
    [InlineData("/v1/messages?limit=1")]
    [InlineData("/v1/suppressions/export")]
    [InlineData("/v1/messages?limit=0")]
    [InlineData("/v1/messages/nonsense")]
    public async Task HEAD_is_answered_as_GET_without_the_body(string path)
    {
        using var head = await Http.SendAsync(new(HttpMethod.Head, path));
        using var get = await Http.GetAsync(path);

        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType?.ToString()),
            (head.StatusCode, head.Content.Headers.ContentType?.ToString()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task HEAD_needs_the_key_that_GET_needs()
    {
        using var http = new HttpClient { BaseAddress = Http.BaseAddress };

        using var answer = await http.SendAsync(new(HttpMethod.Head, "/v1/messages"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task HEAD_is_among_what_a_path_allows_where_GET_is()
    {
        using var wrong = await Http.PutAsync("/v1/messages", null);
        using var onlyPost = await Http.SendAsync(new(HttpMethod.Head, "/v1/hygiene/check"));

        Assert.Equal(["GET", "HEAD", "POST"], wrong.Content.Headers.Allow.Order());
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"),
            (onlyPost.StatusCode, string.Join(' ', onlyPost.Content.Headers.Allow)));
    }

    [Fact]
    public async Task What_was_made_is_where_the_answer_says()
    {
        var (tenant, stream) = (Mails.Unique("acme"), Mails.Unique("codes"));

        Assert.Equal($"/v1/tenants/{tenant}", await Made("/v1/tenants", new { name = tenant }));
        Assert.Equal($"/v1/streams/{stream}", await Made("/v1/streams", new { name = stream, kind = "transactional" }));
        Assert.Equal($"/v1/domains/{tenant}.test", await Made("/v1/domains", new { domain = $"{tenant}.test" }));
        Assert.Matches("^/v1/keys/.", await Made("/v1/keys", new { name = "k", scopes = new[] { "send" } }));
        Assert.Matches("^/v1/suppressions/[0-9]+$", await Made("/v1/suppressions", Suppressing("ann")));
        Assert.Null(await Made("/v1/suppressions", Suppressing("bob", "eve")));
    }

    private static object Suppressing(params string[] names) => new
    {
        entries = names.Select(n => new { address = $"{Mails.Unique(n)}@d1.test" }),
    };

    /// <summary>Null: it says nothing.</summary>
    private async Task<string?> Made(string path, object what)
    {
        using var answer = await Http.PostAsJsonAsync(path, what);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        if (answer.Headers.Location is not { } where) return null;
        using var made = await Http.GetAsync(where);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        return where.ToString();
    }
}
