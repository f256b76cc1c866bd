using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>
/// Whatever a test asks, the answer has to be one that the description tells of: its status, type, code, and each field.
/// </summary>
internal sealed class AsDescribed(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Tests ask for one story many times. Of one kind of answer so many are looked at.</summary>
    private const int LookedAt = 40;

    private static readonly ConcurrentDictionary<(string Operation, int Status), int> Seen = [];
    private static Described? _description;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var answer = await base.SendAsync(request, cancel);
        if (request.RequestUri!.AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal)
            && await Description(request.RequestUri, cancel) is { } description)
            await Check(description, request, answer, cancel);
        return answer;
    }

    /// <summary>All servers of a run are of one build. Null: this one has just gone.</summary>
    private async Task<Described?> Description(Uri url, CancellationToken cancel)
    {
        if (_description is { } known) return known;
        try
        {
            using var answer = await base.SendAsync(new(HttpMethod.Get, new Uri(url, "/openapi/v1.json")), cancel);
            return _description = new(JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!);
        }
        catch (HttpRequestException) { return null; }
    }

    private static async Task Check(
        Described description, HttpRequestMessage request, HttpResponseMessage answer, CancellationToken cancel)
    {
        var (path, status) = (request.RequestUri!.AbsolutePath, (int)answer.StatusCode);
        if (description.Find(request.Method.Method, path) is not { } operation) return;
        if (Seen.AddOrUpdate((operation.Id, status), 1, (_, seen) => seen + 1) > LookedAt) return;
        var what = $"{request.Method} {path} answers {status}";
        Assert.True(operation.Node["responses"]![status.ToString(CultureInfo.InvariantCulture)] is not null,
            $"{what}, of which {operation.Id} says nothing");
        var response = description.Resolve(operation.Node["responses"]![status.ToString(CultureInfo.InvariantCulture)]!);
        foreach (var header in (string[])
            ["Retry-After", "Location", "Idempotency-Replayed", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"])
            Assert.True(!answer.Headers.Contains(header) || response["headers"]![header] is not null,
                $"{what} with {header}, of which {operation.Id} says nothing");
        if (answer.Content.Headers.ContentType?.MediaType is not { } type || request.Method == HttpMethod.Head) return;
        Assert.True(response["content"]?[type] is not null, $"{what} as {type}, of which {operation.Id} says nothing");
        if (!type.EndsWith("json", StringComparison.Ordinal) || type == "application/x-ndjson") return;
        await answer.Content.LoadIntoBufferAsync(cancel);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
        var faults = description.Faults(response["content"]![type]!["schema"]!, body.RootElement);
        Assert.True(faults.Count == 0, $"{what}, and {string.Join("; ", faults)}: {body.RootElement}");
        if (response["x-codes"] is JsonArray codes)
            Assert.Contains(body.RootElement.GetProperty("code").GetString(), codes.Select(c => (string?)c));
    }
}
