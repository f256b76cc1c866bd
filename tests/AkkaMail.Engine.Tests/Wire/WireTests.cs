using System.Text.Json;
using AkkaMail.Core.Delivery;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Reading;
using AkkaMail.Engine.Wire;

namespace AkkaMail.Engine.Tests.Wire;

public class WireTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly MessageId Id = new(SubmissionId.Create(5, At, 42), 1);

    /// <summary>One full example of each event, with every optional field set; and one of a snapshot.</summary>
    private static readonly Dictionary<string, object> Examples = new()
    {
        ["SA1"] = new SubmissionsAccepted(At,
            [new(Id.Submission, 7, "default", Streams.Broadcast, ["a", "ü"], At.AddHours(1), At.AddHours(72),
                new(1, 2), new(3, 4), [new("a.test", new(5, 6)), new("b.test", new(7, 8))])]),
        ["AS1"] = new AttemptsStarted(At, "akka.tcp://akkamail@127.0.0.1:1#9", [new(Id, 3)]),
        ["AC1"] = new AttemptsConcluded(At,
            [new(new(new(Id, 3), "a.test", new(451, new(4, 7, 1), "später ✉"), AttemptEnd.InDoubt,
                "mx.a.test[192.0.2.1]:25", "192.0.2.9", SmtpStep.Dot, "TLSv1.3", At.AddSeconds(-1),
                TimeSpan.FromMilliseconds(12.5)), MessageStatus.Deferred, At.AddMinutes(15), "retry/default")]),
        ["MC1"] = new MessagesCancelled(At, [Id]),
        ["ME1"] = new MessagesExpired(At, [Id]),
        ["LS1"] = new LedgerMemory(new(5, [new(Id.Submission, 7, "transactional", At, At.AddHours(72),
            [new("a.test", MessageStatus.Sending, 1, At, "n#1"), new("b.test", MessageStatus.Deferred, 2, At, null)])],
            [new(new(1, 2), Id.Submission, new(3, 4), true, At)]), 11,
            [new NumberedEvent(12, new MessagesCancelled(At, [Id]))]),
    };

    public static TheoryData<string> Manifests => [.. Examples.Keys];

    [Fact]
    public void Every_event_has_a_row_in_the_table()
    {
        var events = typeof(ILedgerEvent).Assembly.GetTypes()
            .Where(t => t.IsAssignableTo(typeof(ILedgerEvent)) && !t.IsInterface);

        Assert.Empty(events.Except(AkkaMailSerializer.Types));
        Assert.Equal(
            AkkaMailSerializer.Types.Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))),
            Examples.Values.Select(e => e.GetType()).OrderBy(t => t.Name, StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Manifests))]
    public void What_is_written_reads_back_the_same(string manifest)
    {
        var (written, bytes) = AkkaMailSerializer.Encode(Examples[manifest]);

        Assert.Equal(manifest, written);
        Assert.Equal(Text(Examples[manifest]), Text(AkkaMailSerializer.Decode(manifest, bytes)));
    }

    [Theory, MemberData(nameof(Manifests))]
    public void Bytes_of_version_0_1_still_read(string manifest)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Wire", $"0.1-{manifest}.bin"));

        Assert.Equal(Text(Examples[manifest]), Text(AkkaMailSerializer.Decode(manifest, bytes)));
    }

    [Fact]
    public void A_manifest_of_a_later_version_is_named() =>
        Assert.Contains("ZZ9", Assert.Throws<InvalidDataException>(() => AkkaMailSerializer.Decode("ZZ9", [])).Message);

    private static string Text(object o) =>
        o is LedgerMemory m
            ? JsonSerializer.Serialize(new { m.Ledger, m.Projected, Events = m.Unprojected.Select(e => Text(e.Event)) })
            : JsonSerializer.Serialize(o, o.GetType());
}
