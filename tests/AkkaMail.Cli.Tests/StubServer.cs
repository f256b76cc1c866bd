using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AkkaMail.Cli.Tests;

/// <summary>What came to the stub.</summary>
public sealed record Asked(string Method, string Target, string? Authorization, string? IdempotencyKey, string Body)
{
    public string? Tenant { get; init; }
}

/// <summary>A server on loopback that answers what a test says, in turn, and remembers what it was asked.</summary>
public sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(int Status, string Body)> _answers;

    private StubServer(IEnumerable<(int, string)> answers)
    {
        _answers = new(answers);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(Answer);
    }

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>What each answer names its request; null: nothing.</summary>
    public string? RequestId { get; set; }

    public string Url => _app.Urls.First();

    public static Task<StubServer> Start(string body, int status = 200) => Start([(status, body)]);

    public static async Task<StubServer> Start(IEnumerable<(int Status, string Body)> answers)
    {
        var stub = new StubServer(answers);
        await stub._app.StartAsync();
        return stub;
    }

    private async Task Answer(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Requests.Enqueue(new(
            context.Request.Method, context.Request.Path + context.Request.QueryString,
            context.Request.Headers.Authorization, context.Request.Headers["Idempotency-Key"],
            await reader.ReadToEndAsync())
        {
            Tenant = context.Request.Headers["AkkaMail-Tenant"],
        });
        if (!_answers.TryDequeue(out var answer)) answer = (500, "the stub has no more answers");
        context.Response.StatusCode = answer.Status;
        if (RequestId is not null) context.Response.Headers["X-Request-Id"] = RequestId;
        await context.Response.WriteAsync(answer.Body);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
