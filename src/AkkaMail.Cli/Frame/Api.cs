using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Frame;

/// <summary>The server's HTTP API. Every answer that is not a success is a <see cref="RefusedException"/>.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="tenant">Whom a key with all rights acts for.</param>
    public Api(Uri url, string? key, string? tenant = null)
    {
        _http = new() { BaseAddress = url };
        if (tenant is not null)
            _http.DefaultRequestHeaders.TryAddWithoutValidation("AkkaMail-Tenant", ForHeader("tenant", tenant));
        if (!string.IsNullOrEmpty(key))
            _http.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Bearer", ForHeader("API key", key));
    }

    public async Task<byte[]> Bytes(
        HttpMethod method, string path, CancellationToken cancel, string? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation(
                "Idempotency-Key", ForHeader("idempotency key", idempotencyKey));
        return await Send(request, cancel);
    }

    /// <summary>A body that is no JSON.</summary>
    public async Task<Answer> Post(string path, byte[] body, string contentType, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(contentType);
        return Read(await Send(request, cancel));
    }

    /// <summary>What may be long, as it comes.</summary>
    public async Task Copy(string path, Stream to, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        await Answered(request, answer => answer.Content.CopyToAsync(to, cancel), cancel);
    }

    /// <summary>A body that is no JSON, however long.</summary>
    public async Task<Answer> Post(string path, Stream body, string contentType, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(body) };
        request.Content.Headers.ContentType = new(contentType);
        return Read(await Send(request, cancel));
    }

    /// <summary>A body that is no JSON, and the answer's lines as they come.</summary>
    public async Task Lines(
        string path, Stream body, string contentType, Action<string> take, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(body) };
        request.Content.Headers.ContentType = new(contentType);
        await Answered(request, async answer =>
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
            while (await reader.ReadLineAsync(cancel) is { } line) take(line);
        }, cancel);
    }

    private async Task<byte[]> Send(HttpRequestMessage request, CancellationToken cancel)
    {
        var bytes = Array.Empty<byte>();
        await Answered(request, async answer => bytes = await answer.Content.ReadAsByteArrayAsync(cancel), cancel);
        return bytes;
    }

    /// <summary>Has <paramref name="read"/> read an answer that is a success; all others go up.</summary>
    private async Task Answered(
        HttpRequestMessage request, Func<HttpResponseMessage, Task> read, CancellationToken cancel)
    {
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (!answer.IsSuccessStatusCode)
                throw new RefusedException((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel),
                    answer.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.First() : null);
            await read(answer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new NotReachableException($"{_http.BaseAddress}: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new NotReachableException($"{_http.BaseAddress}: no answer within {_http.Timeout.TotalSeconds:0} s");
        }
    }

    public async Task<Answer> Json(
        HttpMethod method, string path, CancellationToken cancel, string? body = null, string? idempotencyKey = null)
    {
        return Read(await Bytes(method, path, cancel, body, idempotencyKey));
    }

    private Answer Read(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        try { return new(text, JsonNode.Parse(text) ?? throw new JsonException("null")); }
        catch (JsonException)
        {
            throw new NotReachableException($"{_http.BaseAddress}: this is no AkkaMail, it answers no JSON");
        }
    }

    /// <summary>Others would end the header, or not arrive. The value is not echoed: it may be a key.</summary>
    private static string ForHeader(string what, string value) => value.All(c => c is >= ' ' and <= '~') ? value
        : throw new UsageException($"The {what} has a line break or a character beyond ASCII, which none has.");

    public void Dispose() => _http.Dispose();
}

/// <summary>What the server answered, as it came and read.</summary>
internal sealed record Answer(string Text, JsonNode Json);
