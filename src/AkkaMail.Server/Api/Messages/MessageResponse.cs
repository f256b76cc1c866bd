using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using AkkaMail.Server.Access;

namespace AkkaMail.Server.Api.Messages;

/// <summary>A message as the API shows it. Who it is from and to is absent once its envelope has been erased.</summary>
public sealed record MessageResponse
{
    public required string Id { get; init; }
    public required string SubmissionId { get; init; }
    public required string Status { get; init; }
    public required string? From { get; init; }
    public required string? To { get; init; }
    public required string? Subject { get; init; }
    public required string Stream { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }
    public required IReadOnlyDictionary<string, string>? Metadata { get; init; }
    public required string Door { get; init; }
    public required string? Key { get; init; }
    public required int Bytes { get; init; }
    public required string? Trace { get; init; }
    public required string Site { get; init; }
    public required int Attempts { get; init; }
    public required DateTimeOffset AcceptedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required DateTimeOffset? SendAt { get; init; }
    public required DateTimeOffset? DueAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required WaitingResponse? Waiting { get; init; }
    public required IReadOnlyList<EventResponse>? Events { get; init; }

    /// <param name="sees">Whether the asker may know of that API key.</param>
    /// <param name="site">Where it will go, as far as its node knows; null: that is not known.</param>
    public static MessageResponse Of(
        MessageView message, IReadOnlyList<StoryEvent>? events, SubmissionEnvelope? envelope, string? subject,
        WaitingResponse? waiting, string? site, Func<string, bool> sees, DateTimeOffset now)
    {
        var addressee = envelope?.Find(message.Id.Index);
        var (mail, recipient) = (addressee?.Mail, addressee?.Recipient);
        return new()
        {
            Id = message.Id.ToString(),
            SubmissionId = message.Id.Submission.ToString(),
            Status = message.Status.ToWord(),
            From = envelope?.From.Address,
            To = recipient?.Address,
            Subject = mail is null ? subject : mail.Subject is null && subject is null ? null
                : Filling.Subject(subject ?? "", mail),
            Stream = message.Facts.Stream,
            Tags = message.Facts.Tags,
            Metadata = mail is { Metadata.IsEmpty: false }
                ? mail.Metadata.ToDictionary(m => m.Name, m => m.Value) : null,
            Door = message.Facts.Door.ToWord(),
            Key = message.Facts.By is { } by && sees(by) ? by : null,
            Bytes = message.Facts.Bytes,
            Trace = message.Facts.Trace,
            Site = message.Site ?? site ?? message.Domain,
            Attempts = message.Attempts,
            AcceptedAt = message.AcceptedAt,
            UpdatedAt = message.UpdatedAt,
            SendAt = message.Facts.SendAt,
            DueAt = message.DueAt > now ? message.DueAt : null,   // What is over is nothing to wait for.
            ExpiresAt = message.Facts.ExpiresAt,
            Waiting = waiting,
            Events = events?.Select(e => EventResponse.From(e, recipient?.Address, sees)).ToList(),
        };
    }

    /// <summary>What the mail says, and what its sender put beside it for its own use, is no observer's.</summary>
    internal MessageResponse For(Caller caller) =>
        caller.IsObserver ? this with { Subject = null, Metadata = null } : this;
}

public sealed record EventResponse
{
    public required string Type { get; init; }
    public required DateTimeOffset At { get; init; }
    public required int? Attempt { get; init; }
    public required ReplyResponse? Reply { get; init; }
    public required string? Source { get; init; }
    public required string? LocalAddress { get; init; }
    public required string? Pool { get; init; }
    public required string? Provider { get; init; }
    public required string? Mx { get; init; }
    public required string? Step { get; init; }
    public required string? Tls { get; init; }
    public required DateTimeOffset? ReadyAt { get; init; }
    public required string? HeldBy { get; init; }
    public required int? HoldId { get; init; }
    public required string? ShapingVersion { get; init; }
    public required double? DurationMs { get; init; }
    public required long? Bytes { get; init; }
    public required int? MailOnConnection { get; init; }
    public required DateTimeOffset? DueAt { get; init; }
    public required string? Rule { get; init; }
    public required bool? InDoubt { get; init; }
    public required string? Node { get; init; }
    public required string? By { get; init; }
    public required string? Asked { get; init; }
    public required ClassificationResponse? Classification { get; init; }
    public required string? Reporter { get; init; }
    public required string? FeedbackType { get; init; }
    public required string? ReportId { get; init; }

    public static EventResponse From(StoryEvent e, string? recipient, Func<string, bool> sees) => new()
    {
        Type = e.Type,
        At = e.At,
        Attempt = e.Attempt,
        Reply = ReplyOf(e, recipient),
        Source = e.Outcome?.Source ?? e.End?.Last?.Source,
        LocalAddress = e.Outcome?.LocalAddress,
        Pool = e.Outcome?.Departure?.Pool,
        Provider = e.Outcome?.Departure?.Provider ?? e.Amended?.Provider ?? e.End?.Last?.Provider,
        Mx = e.Outcome?.Mx,
        Step = e.Outcome is { Step: not SmtpStep.None } s ? s.Step.ToWord() : null,
        Tls = e.Outcome?.Tls,
        ReadyAt = e.Outcome?.Departure?.ReadyAt,
        HeldBy = e.Outcome?.Departure?.HeldBy.ToWord(),
        HoldId = e.Outcome?.Departure?.Hold,
        ShapingVersion = e.Outcome?.Departure?.Shaping,
        DurationMs = e.Outcome is { } d ? Math.Round(d.Duration.TotalMilliseconds, 1) : null,
        Bytes = e.Outcome is { Nth: > 0 } sent ? sent.Bytes : null,
        MailOnConnection = e.Outcome is { Nth: > 0 and var nth } ? nth : null,
        DueAt = e.DueAt,
        Rule = e.Rule,
        InDoubt = e.Outcome is { End: AttemptEnd.InDoubt } ? true : null,
        Node = e.Node,
        By = e.End?.By is { } by && sees(by) ? by : null,
        Asked = e.End?.Asked,
        Classification = ClassificationResponse.Of(e.Verdict),
        Reporter = e.Amended?.Reporter,
        FeedbackType = e.Amended?.FeedbackType,
        ReportId = e.Amended?.Mail.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static ReplyResponse? ReplyOf(StoryEvent e, string? recipient) =>
        (e.Outcome?.Reply ?? e.Amended?.Reply) is { } reply && (e.Outcome is not null || reply is not { Code: 0, Text: "" })
            ? ReplyResponse.From(reply, recipient) : null;
}

/// <summary>
/// What the reply was taken to mean: <paramref name="Fault"/> is who can mend it, <paramref name="Bounce"/> is
/// <c>hard</c>, <c>soft</c> or <c>transient</c>; decided by <paramref name="Rule"/> of the rules
/// <paramref name="Version"/>.
/// </summary>
public sealed record ClassificationResponse(
    string Fault, string Bounce, string Category, string Reason, string Rule, string Version)
{
    public static ClassificationResponse? Of(Verdict? v) => v is null ? null : new(
        v.Fault.ToWord(), v.Permanence.ToWord(), v.Category.ToWord(), v.Reason.ToWord(), v.Rule, v.Version);
}

/// <summary>The receiver's words; code 0 means that no answer came.</summary>
public sealed record ReplyResponse(int Code, string? EnhancedCode, string Text)
{
    public static ReplyResponse From(SmtpReply reply, string? recipient) => new(
        reply.Code, reply.Enhanced?.ToString(),
        recipient is null ? reply.Text
            : reply.Text.Replace(SmtpReply.RecipientMark, recipient, StringComparison.Ordinal));
}

public sealed record MessageListResponse(IReadOnlyList<MessageResponse> Messages, string? NextCursor);

public sealed record CancelResponse(string Id, string Status);
