using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// What only some lines of a story have, as compact JSON: null and zero are left out, times and durations are ticks,
/// and the attempt's id is the row's. The letters are stored: never rename.
/// </summary>
internal sealed record LineDetail
{
    [JsonPropertyName("d")] public long? DueAt { get; init; }
    [JsonPropertyName("r")] public string? Rule { get; init; }
    [JsonPropertyName("n")] public string? Node { get; init; }
    [JsonPropertyName("a")] public AttemptDetail? Attempt { get; init; }
    [JsonPropertyName("v")] public VerdictDetail? Verdict { get; init; }
    [JsonPropertyName("k")] public AmendmentDetail? Amendment { get; init; }
    [JsonPropertyName("e")] public EndDetail? End { get; init; }

    public static string? Write(StoryEvent line)
    {
        if (line is { DueAt: null, Rule: null, Node: null, Outcome: null, Amended: null, End: null }) return null;
        return JsonSerializer.Serialize(
            new()
            {
                DueAt = line.DueAt?.UtcTicks,
                Rule = line.Rule,
                Node = line.Node,
                Attempt = line.Outcome is { } outcome ? AttemptDetail.From(outcome) : null,
                Verdict = line.Verdict is { } v
                    ? new((byte)v.Reason, v.IsTemporary, v.Status?.ToString(), v.Rule, v.Version) : null,
                Amendment = line.Amended is { } amended ? AmendmentDetail.From(amended) : null,
                End = line.End is { } end ? EndDetail.From(end) : null,
            }, DetailJson.Default.LineDetail);
    }

    /// <param name="sentBy">Whose the message is: an amendment says so too.</param>
    public static StoryEvent Read(LineRow row, MessageId id, SentBy sentBy)
    {
        var detail = row.Detail is null
            ? new()
            : JsonSerializer.Deserialize(row.Detail, DetailJson.Default.LineDetail)!;
        return new StoryEvent(
            row.SequenceNr, row.Type, StoredForm.Time(row.At), row.Attempt,
            detail.Attempt?.ToAttempt(new(id, row.Attempt ?? 0), detail.Verdict?.ToVerdict()),
            StoredForm.Time(detail.DueAt), detail.Rule, detail.Node,
            detail.Amendment?.ToAmendment(id, sentBy, detail.Verdict?.ToVerdict()))
        {
            Ordinal = row.Ordinal,
            Sequence = row.Sequence,
            State = (MessageStatus)row.State,
            End = detail.End?.ToEnd(id, Words.Parse<MessageStatus>(row.Type)!.Value, sentBy),
        };
    }
}

internal sealed record EndDetail
{
    [JsonPropertyName("b")] public string? By { get; init; }
    [JsonPropertyName("a")] public string? Asked { get; init; }
    [JsonPropertyName("n")] public string? Note { get; init; }
    [JsonPropertyName("o")] public string? Site { get; init; }
    [JsonPropertyName("s")] public string? Source { get; init; }
    [JsonPropertyName("p")] public string? Provider { get; init; }

    public static EndDetail From(MessageEnd end) => new()
    {
        By = end.By,
        Note = end.Note,
        Asked = end.Asked,
        Site = end.Last?.Site,
        Source = end.Last?.Source,
        Provider = end.Last?.Provider,
    };

    public MessageEnd ToEnd(MessageId id, MessageStatus status, SentBy sentBy) => new(id, status, sentBy)
    {
        By = By,
        Note = Note,
        Asked = Asked,
        Last = Site is null ? null : new(Site, Source, Provider),
    };
}

internal sealed record VerdictDetail(
    [property: JsonPropertyName("n")] byte Reason, [property: JsonPropertyName("t")] bool IsTemporary,
    [property: JsonPropertyName("e")] string? Status, [property: JsonPropertyName("r")] string Rule,
    [property: JsonPropertyName("v")] string Version)
{
    public Verdict ToVerdict() => new((BounceReason)Reason, IsTemporary,
        EnhancedCode.TryParse(Status, out var status) ? status : null, Rule, Version);
}

internal sealed record AmendmentDetail
{
    [JsonPropertyName("k")] public byte Kind { get; init; }
    [JsonPropertyName("h")] public byte[] Report { get; init; } = [];
    [JsonPropertyName("w")] public string Reporter { get; init; } = "";
    [JsonPropertyName("f")] public string? FeedbackType { get; init; }
    [JsonPropertyName("c")] public int Code { get; init; }
    [JsonPropertyName("e")] public string? Enhanced { get; init; }
    [JsonPropertyName("t")] public string Text { get; init; } = "";
    [JsonPropertyName("s")] public string? Source { get; init; }
    [JsonPropertyName("o")] public string? Site { get; init; }
    [JsonPropertyName("m")] public long Mail { get; init; }
    [JsonPropertyName("a")] public bool IsOfAnother { get; init; }
    [JsonPropertyName("g")] public byte Origin { get; init; }
    [JsonPropertyName("p")] public string? Provider { get; init; }

    public static AmendmentDetail From(Amendment a) => new()
    {
        Kind = (byte)a.Kind,
        Report = a.Report.ToBytes(),
        Reporter = a.Reporter,
        FeedbackType = a.FeedbackType,
        Code = a.Reply.Code,
        Enhanced = a.Reply.Enhanced?.ToString(),
        Text = a.Reply.Text,
        Source = a.Source,
        Site = a.Site,
        Mail = a.Mail,
        IsOfAnother = a.IsOfAnother,
        Origin = (byte)a.Reply.Origin,
        Provider = a.Provider,
    };

    public Amendment ToAmendment(MessageId id, SentBy sentBy, Verdict? verdict) => new(
        id, (AmendmentKind)Kind, Hash128.Read(Report), Reporter, FeedbackType,
        new(Code, EnhancedCode.TryParse(Enhanced, out var enhanced) ? enhanced : null, Text)
        { Origin = (ReplyOrigin)Origin }, verdict, Source, Site, Mail)
    {
        SentBy = sentBy,
        Provider = Provider,
        IsOfAnother = IsOfAnother,
    };
}

internal sealed record AttemptDetail
{
    [JsonPropertyName("o")] public string Site { get; init; } = "";
    [JsonPropertyName("c")] public int Code { get; init; }
    [JsonPropertyName("e")] public string? Enhanced { get; init; }
    [JsonPropertyName("t")] public string Text { get; init; } = "";
    [JsonPropertyName("x")] public byte End { get; init; }
    [JsonPropertyName("m")] public string? Mx { get; init; }
    [JsonPropertyName("s")] public string? Source { get; init; }
    [JsonPropertyName("p")] public byte Step { get; init; }
    [JsonPropertyName("l")] public string? Tls { get; init; }
    [JsonPropertyName("b")] public long StartedAt { get; init; }
    [JsonPropertyName("z")] public long Duration { get; init; }
    [JsonPropertyName("g")] public byte Origin { get; init; }
    [JsonPropertyName("y")] public byte Class { get; init; }
    [JsonPropertyName("w")] public long? RetryAfter { get; init; }
    [JsonPropertyName("q")] public DepartureDetail? Departure { get; init; }
    [JsonPropertyName("n")] public long Bytes { get; init; }
    [JsonPropertyName("a")] public string? LocalAddress { get; init; }
    [JsonPropertyName("i")] public int Nth { get; init; }

    public static AttemptDetail From(Attempt a) => new()
    {
        Site = a.Site,
        Code = a.Reply.Code,
        Enhanced = a.Reply.Enhanced?.ToString(),
        Text = a.Reply.Text,
        End = (byte)a.End,
        Mx = a.Mx,
        Source = a.Source,
        Step = (byte)a.Step,
        Tls = a.Tls,
        StartedAt = a.StartedAt.UtcTicks,
        Duration = a.Duration.Ticks,
        Origin = (byte)a.Reply.Origin,
        Class = (byte)a.Judged.Class,
        RetryAfter = a.Judged.RetryAfter?.Ticks,
        Departure = a.Departure is { } left ? DepartureDetail.From(left, a.StartedAt) : null,
        Bytes = a.Bytes,
        LocalAddress = a.LocalAddress,
        Nth = a.Nth,
    };

    public Attempt ToAttempt(AttemptId id, Verdict? verdict)
    {
        var reply = new SmtpReply(Code, EnhancedCode.TryParse(Enhanced, out var enhanced) ? enhanced : null, Text)
        { Origin = (ReplyOrigin)Origin };
        return new(id, Site, reply, (AttemptEnd)End, Mx, Source, (SmtpStep)Step, Tls, StoredForm.Time(StartedAt), new(Duration))
        {
            Judged = new((ReplyClass)Class, verdict, RetryAfter is { } wait ? new(wait) : null),
            Departure = Departure?.ToDeparture(StoredForm.Time(StartedAt)),
            Bytes = Bytes,
            LocalAddress = LocalAddress,
            Nth = Nth,
        };
    }
}

internal sealed record DepartureDetail
{
    [JsonPropertyName("p")] public string Pool { get; init; } = "";
    [JsonPropertyName("o")] public string? Provider { get; init; }
    [JsonPropertyName("v")] public string Shaping { get; init; } = "";
    [JsonPropertyName("w")] public long Waited { get; init; }
    [JsonPropertyName("b")] public byte HeldBy { get; init; }
    [JsonPropertyName("h")] public int? Hold { get; init; }

    public static DepartureDetail From(Departure d, DateTimeOffset startedAt) => new()
    {
        Pool = d.Pool,
        Provider = d.Provider,
        Shaping = d.Shaping,
        Waited = (startedAt - d.ReadyAt).Ticks,
        HeldBy = (byte)d.HeldBy,
        Hold = d.Hold,
    };

    public Departure ToDeparture(DateTimeOffset startedAt) =>
        new(Pool, Provider, Shaping, startedAt - new TimeSpan(Waited), (HeldBy)HeldBy, Hold);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(LineDetail))]
[JsonSerializable(typeof(ImmutableArray<string>))]
internal sealed partial class DetailJson : JsonSerializerContext;
