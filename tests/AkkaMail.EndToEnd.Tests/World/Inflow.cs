using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>
/// Submissions by several kept connections, each repeated with its key until it has its 202: what a careful client does
/// while a server comes and goes.
/// </summary>
internal sealed class Inflow(Uri url, string keys = "inflow")
{
    private readonly ConcurrentDictionary<string, string> _accepted = new();
    private int _next = -1, _broken, _refused;

    /// <summary>Recipient and message id of every 202.</summary>
    public IReadOnlyDictionary<string, string> Accepted => _accepted;

    /// <summary>Requests that ended without an answer, and those answered with 503.</summary>
    public (int Broken, int Refused) Setbacks => (_broken, _refused);

    public Task Run(int count, int connections, Func<int, string> recipient) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var http = new RawHttp(url, ServerProcess.AdminKey);
            for (int i; (i = Interlocked.Increment(ref _next)) < count;)
                _accepted[recipient(i)] = await Post(http, recipient(i), $"Idempotency-Key: {keys}-{i}\r\n");
        })));

    private async Task<string> Post(RawHttp http, string recipient, string key)
    {
        var body = Encoding.ASCII.GetBytes(
            $$"""{"from":"shop@sender.test","to":"{{recipient}}","subject":"Receipt","text":"Thank you!"}""");
        while (true)
        {
            try
            {
                var (status, text) = await http.Post(body, key);
                if (status == 202) return Read(text);
                Assert.True(status == 503, $"{status} {text}");
                Interlocked.Increment(ref _refused);
            }
            catch (IOException) { Interlocked.Increment(ref _broken); }
            await Task.Delay(50);
        }
    }

    /// <summary>The body may still be in its chunks.</summary>
    private static string Read(string text)
    {
        var json = text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)];
        return JsonSerializer.Deserialize<Sent>(json, Api.Json)!.Messages[0].Id;
    }
}
