using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What a server says that has as much as it may have: the codes <c>ledger_full</c> and <c>busy</c>.</summary>
public sealed class FullServer : IAsyncLifetime
{
    /// <summary>A name server that takes every question and answers none.</summary>
    private readonly UdpClient _silent = new(new IPEndPoint(IPAddress.Loopback, 0));

    private Installation? _server;

    private Api Api => _server!.Api;

    public async Task InitializeAsync() => _server = await Installation.Start(null,
        ("AkkaMail__UnfinishedPerLedger", "1000"), ("AkkaMail__Ledgers", "1"),
        ("AkkaMail__Dns__Servers", $"127.0.0.1:{((IPEndPoint)_silent.Client.LocalEndPoint!).Port}"));

    public Task DisposeAsync()
    {
        _server?.Dispose();
        _silent.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task More_than_it_may_have_is_refused_and_what_it_has_stays()
    {
        var later = TimeProvider.System.GetUtcNow().AddHours(5);
        for (var i = 0; i < 10; i++)
            await Api.Send(new
            {
                from = "a@sender.test",
                personalizations = Enumerable.Range(0, 100).Select(n => new { to = $"c{i}-{n}@d1.test" }),
                subject = "s",
                text = "t",
                send_at = later,
            });

        using (var more = await Api.Post(Mails.To("one-more@d1.test"))) await Is("ledger_full", HttpStatusCode.ServiceUnavailable, more);
        Assert.Equal(1_000, (await Api.Status(s => s.Accepted == 1_000)).Unfinished);

        // Each is held up by the name server; with so many under way the next is refused.
        var running = new List<Task<HttpResponseMessage>>();
        bool IsRefused(Task<HttpResponseMessage> check) =>
            check.IsCompletedSuccessfully && check.Result.StatusCode == HttpStatusCode.TooManyRequests;
        await Wait.Until(() =>
        {
            running.Add(Check($"ann@slow{running.Count}.test"));
            return running.Any(IsRefused);
        });
        await Is("busy", HttpStatusCode.TooManyRequests, await running.First(IsRefused));
    }

    private Task<HttpResponseMessage> Check(string address) => Api.Http.SendAsync(
        new(HttpMethod.Post, "/v1/hygiene/check") { Content = new StringContent(address, Encoding.UTF8, "text/plain") });

    private static async Task Is(string code, HttpStatusCode status, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, answer.StatusCode);
        Assert.True((string?)JsonNode.Parse(text)!["code"] == code, text);
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
