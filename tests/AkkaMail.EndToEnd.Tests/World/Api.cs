using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>The public API as a client sees it: nothing here knows the server's types.</summary>
internal sealed class Api : IDisposable
{
    public static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="tenant">For a key with all rights: whom it acts for, and nothing of others is seen.</param>
    /// <param name="from">The address it comes from, as any of 127/8; null leaves that to the system.</param>
    public Api(Uri url, string key = ServerProcess.AdminKey, string? tenant = null, IPAddress? from = null)
    {
        var handler = new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) };
        if (from is not null) handler.ConnectCallback = (context, cancel) => Connect(from, context.DnsEndPoint, cancel);
        Http = new(new AsDescribed(handler)) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (tenant is not null) Http.DefaultRequestHeaders.Add("AkkaMail-Tenant", tenant);
    }

    private static async ValueTask<Stream> Connect(IPAddress from, DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Parse(to.Host), to.Port, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public HttpClient Http { get; }

    public Task<HttpResponseMessage> Post(object mail, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = JsonContent.Create(mail) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return Http.SendAsync(request);
    }

    /// <summary>Sends, and must be accepted; the ids in the order of the recipients.</summary>
    public async Task<string[]> Send(object mail, string? key = null)
    {
        using var answer = await Post(mail, key);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return [.. (await answer.Content.ReadFromJsonAsync<Sent>(Json))!.Messages.Select(m => m.Id)];
    }

    public async Task<Story> Story(string id) => (await Http.GetFromJsonAsync<Story>($"/v1/messages/{id}", Json))!;

    public Task<string> StoryText(string id) => Http.GetStringAsync($"/v1/messages/{id}");

    /// <summary>The story, once it is as told.</summary>
    public async Task<Story> Story(string id, Func<Story, bool> isReached, TimeSpan? within = null)
    {
        Story? story = null;
        await Wait.Until(
            async () => isReached(story = await Story(id)), within, () => JsonSerializer.Serialize(story, Json));
        return story!;
    }

    public Task<Story> Ended(string id, TimeSpan? within = null) => Story(id, s => s.HasEnded, within);

    public async Task<Page> List(string query) => (await Http.GetFromJsonAsync<Page>($"/v1/messages?{query}", Json))!;

    /// <summary>Every message of a list, page by page.</summary>
    public async Task<List<Story>> All(string query)
    {
        var all = new List<Story>();
        for (string? cursor = null; ;)
        {
            var page = await List(
                $"limit=500&{query}" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"));
            all.AddRange(page.Messages);
            if ((cursor = page.NextCursor) is null) return all;
        }
    }

    public async Task<Status> Status() => (await Http.GetFromJsonAsync<Status>("/v1/status", Json))!;

    /// <summary>The status, once every event is in the read model and it is as told.</summary>
    public async Task<Status> Status(Func<Status, bool> isReached, TimeSpan? within = null)
    {
        Status? status = null;
        await Wait.Until(async () => (status = await Status()) is { ProjectorLag: 0 } && isReached(status), within,
            () => JsonSerializer.Serialize(status, Json));
        return status!;
    }

    /// <summary>Generations of what lists are read from, the one that is read first.</summary>
    public async Task<ShownGeneration[]> Generations() =>
        Assert.Single((await Http.GetFromJsonAsync<ProjectionList>("/v1/projections", Json))!.Projections).Generations;

    /// <summary>Lists are read from a new generation, and the one before is gone.</summary>
    public async Task Rebuilt()
    {
        if ((await Generations()).Length > 1) await Order("drop");
        await Order("rebuild", HttpStatusCode.Accepted);
        await Wait.Until(async () => (await Generations())[^1].State == "ready", TimeSpan.FromSeconds(30));
        await Order("swap");
        await Order("drop");
    }

    public async Task Order(string order, HttpStatusCode status = HttpStatusCode.OK, object? body = null)
    {
        using var answer = await Http.PostAsync($"/v1/projections/messages/{order}", body is null ? null : JsonContent.Create(body));
        Assert.True(answer.StatusCode == status, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => Http.Dispose();
}

internal sealed record ProjectionList(ShownProjection[] Projections);

internal sealed record ShownProjection(string Name, ShownGeneration[] Generations);

internal sealed record ShownGeneration(
    [property: JsonPropertyName("generation")] int Number, string State, long Events, long Newest, DateTimeOffset? KeptUntil);

internal sealed record Sent(string SubmissionId, SentMessage[] Messages);

internal sealed record SentMessage(string Id, string To, string Status);

internal sealed record Page(Story[] Messages, string? NextCursor);

internal sealed record Status(
    long Accepted, Dictionary<string, long> Statuses, long Alive, bool Complete, long Unfinished, long ProjectorLag)
{
    public long Of(string status) => Statuses[status];
}

/// <summary>A message as GET gives it; in a list it has no events.</summary>
internal sealed record Story(
    string Id, string Status, string? To, string? Subject, string Site, string Stream, string[] Tags, int Attempts,
    DateTimeOffset AcceptedAt, DateTimeOffset? DueAt, Event[]? Events)
{
    public string? Door { get; init; }
    public string? Key { get; init; }
    public string? Trace { get; init; }
    public int Bytes { get; init; }

    public bool HasEnded => Status is not ("accepted" or "scheduled" or "sending" or "deferred");

    /// <summary>The types in order, in one line.</summary>
    public string Types => string.Join(' ', Events!.Select(e => e.Type));
}

internal sealed record Event(
    string Type, DateTimeOffset At, int? Attempt, Reply? Reply, string? Source, string? Mx, string? Step, string? Tls,
    double? DurationMs, DateTimeOffset? DueAt, string? Rule, bool? InDoubt, string? Node)
{
    public DateTimeOffset? ReadyAt { get; init; }
    public string? HeldBy { get; init; }
    public int? HoldId { get; init; }
    public string? LocalAddress { get; init; }
    public string? Pool { get; init; }
    public long? Bytes { get; init; }
    public int? MailOnConnection { get; init; }
    public string? By { get; init; }
    public string? Asked { get; init; }
}

internal sealed record Reply(int Code, string? EnhancedCode, string Text);
