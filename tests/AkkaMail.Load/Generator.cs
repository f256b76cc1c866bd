using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>Posts numbered mails over kept connections and remembers how long each 202 took.</summary>
internal sealed class Generator(Uri url, int size, int domains)
{
    private readonly string _filler = new('x', Math.Max(0, size - 200));

    /// <summary>Milliseconds to each 202.</summary>
    public ConcurrentBag<double> Latencies { get; } = [];

    public int Refused;

    /// <summary>Before the number in the local part at the first domain; <c>slow</c> is a tarpit's mailbox.</summary>
    public string NameAtFirstDomain { get; init; } = "user";

    /// <summary>Of the domains' names.</summary>
    public string Prefix { get; init; } = "d";

    /// <summary>Null: by HTTP; else to this port, by SMTP.</summary>
    public int? SmtpPort { get; init; }

    /// <summary>As fast as the answers come, or <paramref name="perSecond"/>; a refused mail is sent again.</summary>
    public async Task Post(int from, int count, int connections, double? perSecond = null, string extra = "")
    {
        if (SmtpPort is { } port) { await Submit(port, from, count, connections); return; }
        var next = from - 1;
        var kept = Enumerable.Range(0, connections).Select(_ => new RawHttp(url, ServerProcess.AdminKey)).ToList();
        foreach (var http in kept) await http.Open();
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(kept.Select(async connection =>
        {
            using var http = connection;
            while (true)
            {
                var n = Interlocked.Increment(ref next);
                if (n >= from + count) return;
                if (perSecond is { } rate)
                {
                    // Sleeps are coarse: mails that are late go at once, so the mean rate holds.
                    var due = TimeSpan.FromSeconds((n - from) / rate) - Stopwatch.GetElapsedTime(began);
                    if (due > TimeSpan.FromMilliseconds(1)) await Task.Delay(due);
                }
                var body = Body(n, extra);
                while (true)
                {
                    var sent = Stopwatch.GetTimestamp();
                    var (status, answer) = await http.Post(body);
                    if (status == 202) { Latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds); break; }
                    if (status != 503) throw new InvalidOperationException($"{status}: {answer}");
                    Interlocked.Increment(ref Refused);
                    await Task.Delay(200);
                }
            }
        }));
    }

    private async Task Submit(int port, int from, int count, int connections)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var smtp = await RawSmtp.Open(port, ServerProcess.AdminKey);
            for (int n; (n = Interlocked.Increment(ref next)) < from + count;)
            {
                var recipient = $"user+{n}@{Prefix}{n % domains}.test";
                var mail = new StringBuilder(size + 300).Append("From: Shop <shop@sender.test>\r\nTo: ").Append(recipient)
                    .Append("\r\nSubject: Your receipt ").Append(n).Append("\r\nMIME-Version: 1.0\r\n\r\nReceipt ").Append(n).Append("\r\n");
                for (var i = 0; i < _filler.Length; i += 70) mail.Append(_filler, i, Math.Min(70, _filler.Length - i)).Append("\r\n");
                var sent = Stopwatch.GetTimestamp();
                var reply = await smtp.Send("shop@sender.test", recipient, Encoding.ASCII.GetBytes(mail.Append(".\r\n").ToString()));
                if (!reply.StartsWith("250 ", StringComparison.Ordinal)) throw new InvalidOperationException(reply);
                Latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }));
    }

    /// <summary>Milliseconds within which <paramref name="share"/> (0..1) of the answers came.</summary>
    public double Percentile(double share)
    {
        var sorted = Latencies.Order().ToArray();
        return sorted[(int)((sorted.Length - 1) * share)];
    }

    /// <summary>Every mail differs, so that none shares its content row with another.</summary>
    public byte[] Body(int n, string extra)
    {
        var lines = new StringBuilder(size + 300);
        lines.Append("{\"from\":\"Shop <shop@sender.test>\",\"to\":[\"")
            .Append(n % domains == 0 ? NameAtFirstDomain : "user").Append('+').Append(n).Append('@').Append(Prefix).Append(n % domains)
            .Append(".test\"],\"subject\":\"Your receipt ").Append(n).Append("\",").Append(extra).Append("\"text\":\"Receipt ").Append(n).Append("\\n");
        for (var i = 0; i < _filler.Length; i += 70) lines.Append(_filler, i, Math.Min(70, _filler.Length - i)).Append("\\n");
        return Encoding.ASCII.GetBytes(lines.Append("\"}").ToString());
    }
}
