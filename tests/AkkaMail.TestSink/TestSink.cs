using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AkkaMail.Smtp.Receiving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;

namespace AkkaMail.TestSink;

/// <summary>
/// A receiver that answers by the recipient's local part (a <c>+tag</c> is ignored): <c>tempfail@</c> 451,
/// <c>permfail@</c> 550, <c>greylist@</c> 450 once for each address, <c>reply-4k@</c> a reply of 4,000 characters, all
/// at RCPT; <c>slow@</c> answers the dot late, <c>hangup-in-data@</c> never. All others are taken.
/// </summary>
public sealed class TestSink : IAsyncDisposable
{
    private readonly TestSinkOptions _options;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SunkMail> _mails = new();
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(long Count, TaskCompletionSource Done)> _waiting = [];
    private readonly SmtpReceiver _receiver;
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _count, _transactions;

    private TestSink(TestSinkOptions options)
    {
        _options = options;
        var receiver = new ReceiverOptions
        {
            HostName = "sink.test",
            SizeMax = 64 * 1024 * 1024,
            Certificate = options.Certificate,
            ConnectionsMax = options.ConnectionsMax,
            ConnectionsPerClientMax = options.ConnectionsMax,
            SessionTime = TimeSpan.FromDays(1),
            CommandTime = options.Idle,
            Idle = options.Idle,
            CommandsMax = int.MaxValue,
        };
        _receiver = new(receiver, TakeRecipient, TakeMail, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(options.Address, options.Port, listen => listen.Run(_receiver.OnConnectedAsync)));
        _app = builder.Build();
    }

    public static async Task<TestSink> StartAsync(TestSinkOptions? options = null)
    {
        var sink = new TestSink(options ?? new());
        await sink._app.StartAsync();
        sink.Port = new Uri(sink._app.Urls.First()).Port;
        return sink;
    }

    public int Port { get; private set; }

    /// <summary>Since it began.</summary>
    public TimeSpan Clock => Stopwatch.GetElapsedTime(_began);

    public int Connections => _receiver.Connections;

    /// <summary>Mails taken.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Dots seen, answered or not.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    public IReadOnlyCollection<SunkMail> Mails => _mails;

    /// <summary>Done when <paramref name="count"/> mails have been taken since the start.</summary>
    public async Task WaitFor(long count, TimeSpan? timeout = null)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            if (Count >= count) return;
            _waiting.Add((count, done));
        }
        try { await done.Task.WaitAsync(timeout ?? TimeSpan.FromSeconds(30)); }
        catch (TimeoutException) { throw new TimeoutException($"{Count} of {count} mails came"); }
    }

    private ValueTask<ReceiverReply> TakeRecipient(SmtpSession session, string mailFrom, string recipient) =>
        new(_options.OnRecipient?.Invoke(recipient) ?? NameOf(recipient) switch
        {
            "tempfail" => new(451, "4.2.0 Try again later"),
            "permfail" => new(550, $"5.1.1 <{recipient}>: no such user here"),
            "greylist" when _seen.AddOrUpdate(recipient, 1, (_, n) => n + 1) == 1 =>
                new(450, "4.2.0 Greylisted, try again"),
            "reply-4k" => new(550, "5.7.1 " + new string('x', 4000)),
            _ => ReceiverReply.Ok,
        });

    private async ValueTask<ReceiverReply> TakeMail(SmtpSession session, ReceivedMail mail)
    {
        Interlocked.Increment(ref _transactions);
        var name = NameOf(mail.Recipients[0]);
        if (name == "hangup-in-data") return ReceiverReply.HangUp;
        if (name == "slow") await Task.Delay(_options.SlowDelay);
        if (_options.KeepsMails)
            _mails.Enqueue(new(
                mail.MailFrom, [.. mail.Recipients], session.IsEncrypted, mail.IsSmtpUtf8, mail.Bytes.ToArray(),
                ((IPEndPoint)session.Remote!).Address, session.ClientName)
            { At = Clock });
        if (_options.Counts(mail.Recipients[0])) Counted();
        return Taken;
    }

    private static readonly ReceiverReply Taken = new(250, "2.0.0 Ok, sunk");

    private void Counted()
    {
        var count = Interlocked.Increment(ref _count);
        lock (_waiting)
        {
            foreach (var (_, done) in _waiting.Where(w => w.Count <= count)) done.TrySetResult();
            _waiting.RemoveAll(w => w.Count <= count);
        }
    }

    private static string NameOf(string address)
    {
        var end = address.AsSpan().IndexOfAny('+', '@');
        return end < 0 ? address : address[..end];
    }

    public async ValueTask DisposeAsync()
    {
        // Then Kestrel aborts what is open.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
