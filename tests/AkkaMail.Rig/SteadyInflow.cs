using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AkkaMail.Rig;

/// <summary>
/// Submissions at an even pace to several nodes in turn, each repeated with its key, at the next node, until it has its
/// 202: what a careful client behind a balancer does while nodes come and go.
/// </summary>
/// <param name="perSecond">Submissions begun in a second, over all connections.</param>
public sealed class SteadyInflow(IReadOnlyList<Uri> nodes, double perSecond, int connections = 24, string keys = "steady")
{
    /// <summary>A client that waits for an answer for longer than that takes it for lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12), Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, string> _accepted = new();
    private readonly ConcurrentBag<double> _seconds = [];
    private int _next = -1, _broken, _refused, _atOnce;

    /// <summary>Recipient and message id of every 202.</summary>
    public IReadOnlyDictionary<string, string> Accepted => _accepted;

    /// <summary>Requests that ended without an answer, and those answered with 503.</summary>
    public (int Broken, int Refused) Setbacks => (_broken, _refused);

    /// <summary>Submissions that had their 202 at the first try, or the second, at another node.</summary>
    public int WithOneRepeat => _atOnce;

    /// <summary>Seconds from the first try to the 202, in their order.</summary>
    public IReadOnlyList<double> Seconds => [.. _seconds.Order()];

    /// <summary>How many have been begun.</summary>
    public int Begun => _next + 1;

    /// <summary>Until it is told to stop; what has begun then is still brought to its 202.</summary>
    public Task Run(Func<int, string> recipient, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(c => Task.Run(() => Bring(c, recipient, stop), CancellationToken.None)));

    private async Task Bring(int connection, Func<int, string> recipient, CancellationToken stop)
    {
        var https = nodes.Select(n => new RawHttp(n, ServerProcess.AdminKey)).ToArray();
        var (clock, every) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(connections / perSecond));
        for (var (n, turn) = (0, connection); !stop.IsCancellationRequested; n++)
        {
            var early = n * every - Stopwatch.GetElapsedTime(clock);
            if (early > TimeSpan.Zero)
                try { await Task.Delay(early, stop); }
                catch (OperationCanceledException) { break; }
            var i = Interlocked.Increment(ref _next);
            turn = await Bring(https, turn, i, recipient(i));
        }
        foreach (var http in https) http.Dispose();
    }

    private async Task<int> Bring(RawHttp[] https, int turn, int number, string recipient)
    {
        var body = Encoding.ASCII.GetBytes(
            $$"""{"from":"shop@sender.test","to":"{{recipient}}","subject":"Receipt","text":"Thank you!"}""");
        var began = Stopwatch.GetTimestamp();
        for (var tries = 1; ; tries++, turn++)
        {
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                var (status, text) = await https[turn % https.Length].Post(body, $"Idempotency-Key: {keys}-{number}\r\n", patience.Token);
                if (status == 202)
                {
                    if (tries <= 2) Interlocked.Increment(ref _atOnce);
                    _seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                    _accepted[recipient] = IdOf(text);
                    return turn;
                }
                if (status != 503) throw new InvalidOperationException($"{status} {text}");
                Interlocked.Increment(ref _refused);
            }
            catch (IOException) { Interlocked.Increment(ref _broken); }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _broken);
                https[turn % https.Length].Dispose();
                https[turn % https.Length] = new(nodes[turn % nodes.Count], ServerProcess.AdminKey);
            }
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>The body may still be in its chunks.</summary>
    private static string IdOf(string text)
    {
        using var json = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)]);
        return json.RootElement.GetProperty("messages")[0].GetProperty("id").GetString()!;
    }
}
