using System.Collections.Immutable;
using System.Text;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Domains;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Suppression;
using AkkaMail.Storage.Tenants;
using LinqToDB.Data;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Sqlite;

/// <summary>Of each store with kept tables: rows with every field set, written and read by what it offers.</summary>
internal static class KeptRows
{
    /// <param name="Read">All of it that somebody is ever told.</param>
    internal sealed record Store(Func<Database, Task> Write, Func<Database, Task<object?>> Read);

    private static readonly MessageId Message = new(Submission(1), 2);

    public static readonly Dictionary<string, Store> Stores = new()
    {
        ["content"] = new(db => With(new ContentStore(db, null, new Started()), s => s.Write("acme",
                new("Привет", "Hello {{name}}", null, [new("a.pdf", "application/pdf", null, new byte[Blobs.From])]),
                new(new("Shop", "shop@a.test"), [], [], [.. Enumerable.Range(0, 51).Select(n =>
                    new MailEnvelope([new("", $"r{n}@b.test")], [], [], null, [new("name", $"{n}")], [], []))]),
                Noon.AddDays(9), default)), ReadContent),
        ["secrets"] = new(
            db => Done(new SecretStore(db), s => s.Add([("dkim/1f3a", [1, 2, 3])], Noon)),
            db => Told(new SecretStore(db), s => (object)new { Names = s.Names(), Secret = s.Read("dkim/1f3a") })),
        ["keys"] = new(
            db => Done(new KeyUses(db), s => s.Write([new("k1", Noon, "192.0.2.1")])),
            async db => (await new KeyUses(db).Of(["k1"], default)).Values),
        ["history"] = new(
            db => Done(new HistoryStore(db), s =>
            {
                s.Begin(new("akka.tcp://akkamail@127.0.0.1:1#9", "0.1.0", "1f3a0c77be21", Noon));
                s.Keep("akka.tcp://akkamail@127.0.0.1:1#9",
                    [new(RulesKind.Shaping, "1f3a", null, "{}"), new(RulesKind.Shaping, "ü+77aa", "1f3a", "{ }\n")], Noon);
                s.End("akka.tcp://akkamail@127.0.0.1:1#9", Noon.AddHours(1));
                s.Begin(new("akka.tcp://akkamail@127.0.0.1:1#10", "0.1.0", "1f3a0c77be21", Noon.AddHours(2)));
                s.Begin(new("akka.tcp://akkamail@127.0.0.1:1#11", "0.1.0", "1f3a0c77be21", Noon.AddHours(3)));
                s.BeginGeneration("messages", new(1, null, false, default, 0, 1), 0.5, Noon, _ => { });
                s.KeepOrder(new(Noon, "admin", ClusterVerb.Leave, "akka.tcp://akkamail@127.0.0.1:1", "a new disk"), default).Wait();
            }),
            async db => new HistoryStore(db) is var s ? new
            {
                Nodes = await s.Nodes(null, 9, default),
                Rules = await s.Rules(null, null, 9, default),
                Text = await s.Find(RulesKind.Shaping, "ü+77aa", default),
                Generations = s.Generations("messages"),
                Orders = await s.Orders(9, default),
            } : null),
        ["sites"] = new(
            db => With(new SiteLog(db), async s =>
            {
                await s.Note(new("a.test", Noon, "google", "google", "its MX host", ["mx1.a.test", "mx2.a.test"], "v1"), default);
                await s.NotePlace(3, 7, default);
            }),
            db => With(new SiteLog(db), async s =>
                (object?)new { Changes = await s.Of("a.test", default), Place = await s.PlaceOf(3, default) })),
        ["suppressions"] = new(WriteSuppressions, ReadSuppressions),
        ["returned"] = new(WriteReturned, db => With(new InboundStore(db, 1_000_000), async s => (object?)new
        {
            Mails = await s.List(new(), null, 9, default),
            Body = Encoding.UTF8.GetString((await s.Body(1, default))!),
        })),
        ["engagement"] = new(
            db => With(new EngagementStore(db), s => s.Note([new("acme", Hash("ann"), Noon, Message)], default)),
            db => With(new EngagementStore(db), async s => (object?)new
            {
                Last = (await s.Last("acme", [Hash("ann")], default))[Hash("ann")],
                ToldBefore = (await s.Note([new("acme", Hash("ann"), Noon, Message)], default)).Count,
            })),
        ["domain-reports"] = new(WriteReports, db => With(new ReportStore(db), async s => (object?)new
        {
            Dmarc = await s.Dmarc("acme", "a.test", Day, Day, 9, default),
            Tls = await s.Tls("acme", "a.test", Day, Day, 9, default),
            Again = await s.Add(Report(ReportKind.Dmarc), (IReadOnlyList<DmarcDay>)[], default),
        })),
        ["idempotency"] = new(
            db => With(new IdempotencyStore(db, new Started()), s => s.Follow(3,
                [new(7, Accept(Accepted(1, sendAt: Noon.AddHours(1)) with { Key = new(Hash("key"), Hash("request"), 2) }))],
                default)),
            db => With(new IdempotencyStore(db, new Started()), async s =>
                (object?)new { Key = await s.Find(Hash("key"), default), Place = await s.PlaceOf(3, default) })),
    };

    /// <summary>When it began: ids of envelopes are made of it.</summary>
    private sealed class Started : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Noon;
    }

    private static Task<object?> ReadContent(Database db) => With(new ContentStore(db), async s =>
    {
        var id = db.QueryNow(read => read.Query<long>("SELECT id FROM envelopes").Single());
        var mail = (await s.Read(id, 50, default))!;
        using var file = new MemoryStream();
        await mail.Content.Attachments[0].Octets.Open().CopyToAsync(file);
        return (object?)new
        {
            mail.Content.Subject,
            mail.Content.Text,
            Name = mail.Content.Attachments[0].Filename,
            File = file.ToArray().Length,
            mail.Envelope,
            Addressee = mail.Envelope.Find(50),
        };
    });

    private static Task WriteSuppressions(Database db) => With(new SuppressionStore(db), async s =>
    {
        NewSuppression Entry(string address, SuppressionScope scope) => new(
            SuppressionKey.Of(scope, "acme", "news", Hash(address)), address, SuppressionOrigin.HardBounce,
            new(Message.ToString(), "unknown_user", "rule", "v1", "ip1", "google", "550 5.1.1 no ✉"), "a note", "k1", Noon,
            Noon.AddDays(900));
        var (ids, _) = await s.Add([Entry("ann@a.test", SuppressionScope.Stream), Entry("@b.test", SuppressionScope.Global)], default);
        await s.Lift([ids[1]], "k2", "undo-1", "not any more", Noon.AddDays(1), default);
        await s.Follow(5, 77, [], [new("acme", Hash("eve@a.test"), Message, Noon, null, Entry("eve@a.test", SuppressionScope.Tenant))], default);
        await s.Note(new("imp-1f", "acme", Noon, Noon.AddSeconds(1))
        {
            EndedAt = Noon.AddSeconds(1),
            Problem = "line 3: why",
            Lines = 3,
            Added = 1,
            Known = 1,
            Faulty = 2,
            Faults = [(2, "address is none: ✉"), (3, "why")],
        }, default);
    });

    private static Task<object?> ReadSuppressions(Database db) => With(new SuppressionStore(db), async s => (object?)new
    {
        Entries = await s.List(new() { InForceAt = Noon }, null, 9, default),
        Added = await s.History(1, default),
        Lifted = await s.History(2, default),
        Place = await s.PlaceOf(5, default),
        Import = await s.FindImport("imp-1f", default) is { } i ? (object)new { i, Faults = i.Faults.Select(f => $"{f}") } : null,
        Softs = db.QueryNow(read => read.Query<string>("SELECT tenant || hex(target) || message || at FROM softs").ToList()),
    });

    private static Task WriteReturned(Database db) => With(new InboundStore(db, 1_000_000), async s =>
    {
        await s.Add([new(Noon, ReturnDoor.Feedback, new("fbl@bounce.test", "ann@a.test", "mx.test", "192.0.2.1"), Message, "yahoo",
            Encoding.UTF8.GetBytes("Subject: ✉\r\n\r\nGone"))], default);
        await s.Conclude((await s.Find(1, default))!, new(InboundOutcome.Recorded, Message, "acme",
            new(BounceKind.Feedback, "abuse", BounceReason.UnknownUser, "rule", "v1"), "mx.test", true, "spf=pass", "why"), default);
    });

    private static readonly DateOnly Day = DateOnly.FromDateTime(Noon.UtcDateTime);

    private static FiledReport Report(ReportKind kind) =>
        new(kind, "acme", "a.test", "a.test", "google.com", "r1", Day, "google.com", "mail google.com", Noon);

    private static Task WriteReports(Database db) => With(new ReportStore(db), async s =>
    {
        await s.Add(Report(ReportKind.Dmarc), [new DmarcDay(Day, "192.0.2.7", 10, 9, 8, 7, 6, 5) { AuthenticatedAs = "a.test esp.test" }], default);
        await s.Add(Report(ReportKind.Tls), [new TlsTally("a.test", "sts", "mx.a.test", "certificate-expired", 12)], default);
    });

    private static Task Done<T>(T store, Action<T> write)
    {
        write(store);
        return Task.CompletedTask;
    }

    private static Task<object?> Told<T>(T store, Func<T, object?> read) => Task.FromResult(read(store));

    private static async Task With<T>(T store, Func<T, Task> write) where T : IAsyncDisposable
    {
        await using (store) await write(store);
    }

    private static async Task<object?> With<T>(T store, Func<T, Task<object?>> read) where T : IAsyncDisposable
    {
        await using (store) return await read(store);
    }
}
