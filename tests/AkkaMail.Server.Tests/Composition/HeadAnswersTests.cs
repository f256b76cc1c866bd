using AkkaMail.Server.Composition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AkkaMail.Server.Tests.Composition;

/// <summary>HEAD is answered as soon as its head stands.</summary>
public sealed class HeadAnswersTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pages;

    public HeadAnswersTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use(HeadAnswers.Answer);
        _app.Run(Answer);
    }

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task An_export_without_an_end_is_not_made_for_who_reads_none_of_it()
    {
        using var http = new HttpClient { BaseAddress = new(_app.Urls.First()) };

        using var head = await http.SendAsync(new(HttpMethod.Head, "/endless")).WaitAsync(Patience);
        await _ended.Task.WaitAsync(Patience);

        Assert.Equal(("text/csv", "yes", 1),
            (head.Content.Headers.ContentType?.ToString(), head.Headers.GetValues("X-Head").Single(), _pages));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_short_answer_is_made_to_its_end_and_its_length_is_told()
    {
        using var http = new HttpClient { BaseAddress = new(_app.Urls.First()) };

        using var head = await http.SendAsync(new(HttpMethod.Head, "/short"));
        using var get = await http.GetAsync("/short");

        Assert.Equal((418, 5L), ((int)head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal("short", await get.Content.ReadAsStringAsync());
    }

    /// <summary>Pages until nobody wants another.</summary>
    private async Task Answer(HttpContext http)
    {
        if (http.Request.Path == "/short")
        {
            (http.Response.StatusCode, http.Response.ContentLength) = (418, 5);
            await http.Response.WriteAsync("short");
            return;
        }
        (http.Response.ContentType, http.Response.Headers["X-Head"]) = ("text/csv", "yes");
        try
        {
            while (true)
            {
                http.RequestAborted.ThrowIfCancellationRequested();
                _pages++;
                await http.Response.WriteAsync(new string('x', 1_000));
            }
        }
        finally { _ended.SetResult(); }
    }
}
