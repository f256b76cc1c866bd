using System.Diagnostics;
using System.Globalization;
using System.Net;
using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;
using AkkaMail.Rig;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Sending;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaMail.Load;

/// <summary>
/// What each step on the way of a message costs alone: the CPU time of this process, system calls included, over the
/// messages it worked on. Each step works on what the one before it made; the first tenth warms up.
/// </summary>
internal sealed class Steps : IDisposable
{
    private const int AtOnce = 32;
    private readonly int _messages, _size, _domains;
    private readonly string _data = ThisBuild.NewDirectory("steps");
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    private Steps(Arguments args) =>
        (_messages, _size, _domains) = (args.Number("messages", 20_000), args.Number("size", 4096), args.Number("domains", 20));

    public static async Task<int> Run(Arguments args)
    {
        using var steps = new Steps(args);
        var generator = new Generator(new("http://127.0.0.1"), steps._size, steps._domains);
        var bodies = Enumerable.Range(0, steps._messages).Select(n => generator.Body(n, "")).ToList();
        var valid = new ValidSend[bodies.Count];
        await steps.Measure("parse_validate", n =>
        {
            valid[n] = Validate(bodies[n], steps._now);
            return Task.CompletedTask;
        }, 1);

        var envelopes = new long[bodies.Count];
        await using var content = new ContentStore(new SqliteDatabase(Path.Combine(steps._data, "content.db")));
        await steps.Measure("content_write", async n =>
            envelopes[n] = await content.Write("default", valid[n].Content, valid[n].Envelope, steps._now.AddDays(10), default), AtOnce);

        steps.Decide(valid, envelopes);
        await steps.Project(valid, envelopes);
        await steps.Engine(valid, envelopes);

        await steps.Measure("compose", n =>
        {
            var mail = new StoredMail(valid[n].Content, valid[n].Envelope);
            ((ComposedMail)Composer.Compose(mail, Id(n, steps._now), steps._now)).Message.Dispose();
            return Task.CompletedTask;
        }, 1);
        await steps.Send(content, envelopes);
        return 0;
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static ValidSend Validate(byte[] body, DateTimeOffset now) =>
        SendValidation.Validate(
            ((BodyRead<SendRequest>.Done)RequestReader.Read<SendRequest>(body, SendJson.Default.SendRequest)).Value, body, now,
            SendLimits.Default).Send!;

    private static MessageId Id(int n, DateTimeOffset at) => new(SubmissionId.Create(0, at, (ulong)n), 0);

    private AcceptSubmissions Accept(int n, ValidSend send, long envelope)
    {
        var hash = Hash128.Of(BitConverter.GetBytes(n));
        var facts = new SubmissionFacts
        {
            Tenant = "default",
            Stream = send.Stream,
            Kind = Streams.KindOf(send.Stream),
            Tags = send.Tags,
            ExpiresAt = send.ExpiresAt,
            Envelope = envelope,
        };
        return new((ulong)n,
            [new(facts, [.. send.Envelope.Recipients().Select(r => new AcceptedRecipient(r.AsciiDomain, hash))])],
            null, hash, _now.AddHours(1));
    }

    /// <summary>Three commits a batch of four: accepted, handed out, concluded; and the bytes of their events.</summary>
    private void Decide(ValidSend[] valid, long[] envelopes)
    {
        var ledger = new Ledger(0);
        Run("ledger_decide_encode", 4, numbers =>
        {
            Commit([.. numbers.Select(n => Accept(n, valid[n], envelopes[n]))]);
            ledger.DrainNewlyWaiting();
            foreach (var (queue, _, _) in ledger.Waiting.ToList())
            {
                var handed = (HandedOut)Commit([new TakeDue(queue, 100, "node")])[0]!;
                Commit([new ConcludeAttempts([.. handed.Messages.Select(Delivered)])]);
            }
        });

        ILedgerReply?[] Commit(IReadOnlyList<ILedgerCommand> commands)
        {
            var decided = ledger.Decide(commands, LedgerRules.Default with { UnfinishedMax = int.MaxValue }, _now);
            foreach (var e in decided.Events) AkkaMailSerializer.Encode(e);
            return decided.Replies;
        }
    }

    private async Task Project(ValidSend[] valid, long[] envelopes)
    {
        await using var model = new ReadModel(new SqliteDatabase(Path.Combine(_data, "projected.db")));
        var ledger = new Ledger(0);
        var seq = 0L;
        Run("projection", 60, numbers =>
        {
            var events = new List<ILedgerEvent>();
            IReadOnlyList<ILedgerCommand> accept = [.. numbers.Select(n => Accept(n, valid[n], envelopes[n]))];
            events.AddRange(ledger.Decide(accept, LedgerRules.Default, _now).Events);
            foreach (var (queue, _, _) in ledger.DrainNewlyWaiting())
            {
                var taken = ledger.Decide([new TakeDue(queue, 100, "node")], LedgerRules.Default, _now);
                var handed = (HandedOut)taken.Replies[0]!;
                var concluded = new ConcludeAttempts([.. handed.Messages.Select(Delivered)]);
                events.AddRange(taken.Events.Concat(ledger.Decide([concluded], LedgerRules.Default, _now).Events));
            }
            model.Project(0, [.. events.Select(e => new NumberedEvent(++seq, e))], default).GetAwaiter().GetResult();
        });
    }

    /// <summary>The engine as it is hosted, with journal and read model, and a receiver that takes all at once.</summary>
    private async Task Engine(ValidSend[] valid, long[] envelopes)
    {
        using var data = DataDirectory.Open(Path.Combine(_data, "engine"), 1, ServerProcess.AdminKey);
        await using var model = new ReadModel(data.Stores.Read);
        await using var keys = new IdempotencyStore(data.Stores.Idempotency);
        using var metrics = new EngineMetrics();
        var delivered = 0;
        using var host = new HostBuilder().ConfigureServices(services => services.AddAkka(EngineSetup.SystemName, (akka, _) => akka
            .ConfigureLoggers(log => log.LogLevel = Akka.Event.LogLevel.ErrorLevel)
            .WithNode(data, new(), new(
                1, new LedgerSettings(LedgerRules.Default), new DeliveryOptions().ToSettings(), (message, _, _) =>
                {
                    Interlocked.Increment(ref delivered);
                    return Task.FromResult(Delivered(message));
                },
                new(() => [model.ToProjection()], keys.ToReactor()), Persistence.Parts, metrics,
                new(() => Core.Shaping.ShapingReader.Shipped, (d, _) => new(new Core.Shaping.SiteAnswer(
                    d, d, null, "load", [], DateTimeOffset.MaxValue)), _ => false),
                TimeProvider.System), system =>
                {
                    var cluster = Akka.Cluster.Cluster.Get(system);
                    cluster.Join(cluster.SelfAddress);
                }))).Build();
        await host.StartAsync();
        var ledgers = host.Services.GetRequiredService<IActorRegistry>().Get<Ledgers>();
        await Measure("engine_in_all", async n =>
        {
            var reply = await ledgers.Ask<object>(new ToLedger(0, Accept(n, valid[n], envelopes[n])), TimeSpan.FromSeconds(30));
            if (reply is not SubmissionAccepted) throw new InvalidOperationException(reply.ToString());
        }, AtOnce, async () => { while (Volatile.Read(ref delivered) < _messages) await Task.Delay(10); });
        await host.StopAsync();
    }

    private async Task Send(ContentStore content, long[] envelopes)
    {
        using var sink = await SinkProcess.Start();
        var time = TimeProvider.System;
        var resolver = new MxResolver(new()
        {
            Servers = [new(IPAddress.Loopback, sink.DnsPort)],
            Guard = new([IPNetwork.Parse("127.0.0.0/8")]),
        }, time, Random.Shared.Next);
        var options = new DeliveryOptions { Port = sink.SmtpPort }.ToSendingOptions("load.test");
        await using var smtp = new SmtpDelivery(options, content.Take, resolver, time);
        var limits = AkkaMail.Core.Shaping.LaneLimits.Of(new("load"), "default", "site");
        await Measure("read_compose_send", async n =>
        {
            var message = new DueMessage(Id(n, _now), 1, new($"d{n % _domains}.test", "default", Streams.Transactional), envelopes[n], _now, _now.AddDays(1));
            var way = new AkkaMail.Core.Shaping.Route(new() { Name = "default" }, message.Domain, limits);
            var attempt = await smtp.DeliverAsync(message, way, default);
            if (attempt.Reply.Code != 250) throw new InvalidOperationException(attempt.Reply.Text);
        }, AtOnce);
    }

    private static Attempt Delivered(DueMessage m) => new(
        m.Attempt, m.Domain, SmtpReply.Parse(250, "2.0.0 Ok, queued as 4F1A"), AttemptEnd.Answered, "mx.test[127.0.0.1]:25",
        "127.0.0.1", SmtpStep.Dot, null, TimeProvider.System.GetUtcNow(), TimeSpan.FromMilliseconds(2));

    private void Run(string step, int batch, Action<int[]> work)
    {
        foreach (var numbers in Enumerable.Range(0, _messages / 10).Chunk(batch)) work(numbers);
        var cpu = Cpu();
        foreach (var numbers in Enumerable.Range(_messages / 10, _messages - _messages / 10).Chunk(batch)) work(numbers);
        Print(step, cpu);
    }

    private async Task Measure(string step, Func<int, Task> work, int atOnce, Func<Task>? afterwards = null)
    {
        await Workers(0, _messages / 10);
        var cpu = Cpu();
        await Workers(_messages / 10, _messages);
        if (afterwards is not null) await afterwards();
        Print(step, cpu);

        Task Workers(int from, int to)
        {
            var next = from - 1;
            return Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
            {
                for (int n; (n = Interlocked.Increment(ref next)) < to;) await work(n);
            }));
        }
    }

    private void Print(string step, TimeSpan since) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{step}_us={(Cpu() - since).TotalMicroseconds / (_messages - _messages / 10):0}"));

    private static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
