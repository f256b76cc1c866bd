using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using AkkaMail.Server.Access;
using AkkaMail.Server.Api.Bounces;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// A message: one recipient of a submission. Who it is from and to is absent once its envelope has been erased.
/// </summary>
public sealed record MessageResponse
{
    /// <summary>What it is called.</summary>
    public required string Id { get; init; }

    /// <summary>The call it came in. All its messages have the same.</summary>
    public required string SubmissionId { get; init; }

    /// <summary>Where it stands. From <c>delivered</c> on it has ended, and nothing changes it any more.</summary>
    [WordsOf<MessageStatus>]
    public required string Status { get; init; }

    /// <summary>The sender's address.</summary>
    public required string? From { get; init; }

    /// <summary>The recipient's address.</summary>
    public required string? To { get; init; }

    /// <summary>
    /// As it was sent, filled for this recipient. In a list only where a personalization has its own.
    /// </summary>
    public required string? Subject { get; init; }

    /// <summary>The tenant whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The stream it goes in.</summary>
    public required string Stream { get; init; }

    /// <summary>The words it was given.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The facts it was given. Absent: none.</summary>
    public required IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>How it came in: over HTTP, by SMTP, or as a mail to postmaster that is passed on.</summary>
    [WordsOf<Door>]
    public required string Door { get; init; }

    /// <summary>The id of the key that handed it in, or <c>admin</c>. Absent where it is not yours to know.</summary>
    public required string? Key { get; init; }

    /// <summary>Octets that were handed in: of the request's body, or of the mail.</summary>
    public required int Bytes { get; init; }

    /// <summary>The <c>traceparent</c> of the request it came in (W3C Trace Context). Absent: it had none.</summary>
    public required string? Trace { get; init; }

    /// <summary>
    /// Where it goes: a provider, or the common part of its domain's MX hosts; the domain while that is not known.
    /// </summary>
    public required string Site { get; init; }

    /// <summary>How often it has been tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it was promised.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When its status changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it is to be sent, if that was set or put off. Absent: at once.</summary>
    public required DateTimeOffset? SendAt { get; init; }

    /// <summary>When it is tried next. Absent: it is due, or has ended.</summary>
    public required DateTimeOffset? DueAt { get; init; }

    /// <summary>When it is given up, if nobody has taken it by then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// The day on which its recipient had last shown life when it was accepted. It was of late, so the message goes, or
    /// went, before others of its stream, by an hour at most. Absent: not known, or the stream has
    /// <c>engaged_first</c> off.
    /// </summary>
    public required DateOnly? EngagedOn { get; init; }

    /// <summary>Why it waits. Absent while it is on the wire, and once it has ended.</summary>
    public required WaitingResponse? Waiting { get; init; }

    /// <summary>Its story, the oldest first. Absent in a list.</summary>
    public required IReadOnlyList<EventResponse>? Events { get; init; }

    /// <summary>
    /// Since when its story is kept: what was before is gone, by <c>AkkaMail:Retention:Lines</c>. Absent: <c>events</c>
    /// is the whole story.
    /// </summary>
    public DateTimeOffset? StoryBegins { get; init; }

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
            Tenant = message.Facts.Tenant,
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
            EngagedOn = message.Engaged,
            Waiting = waiting,
            Events = events?.Select(e => EventResponse.From(e, message.Id, recipient?.Address, sees)).ToList(),
        };
    }

    /// <summary>What the mail says, and what its sender put beside it for its own use, is no observer's.</summary>
    internal MessageResponse For(Caller caller) =>
        caller.IsObserver ? this with { Subject = null, Metadata = null } : this;
}

/// <summary>A fact of a message's story. What does not apply is absent.</summary>
public sealed record EventResponse
{
    /// <summary>What it is called: the message and a number that rises. It stays the same for ever.</summary>
    public required string Id { get; init; }

    /// <summary>Which of the message's events it is: from 1, without gaps.</summary>
    public required int Sequence { get; init; }

    /// <summary>What happened.</summary>
    [OneOf(
        "accepted", "scheduled", "attempt", "deferred", "delivered", "bounced", "expired", "failed", "suppressed",
        "cancelled", "bounced_late", "complained", "opted_out")]
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Which try it is of, from 1.</summary>
    public required int? Attempt { get; init; }

    /// <summary>What the receiver said.</summary>
    public required ReplyResponse? Reply { get; init; }

    /// <summary>The source it went by. Of <c>default</c> the local address its connection left from.</summary>
    public required string? Source { get; init; }

    /// <summary>
    /// The address its connection left from. Absent behind a proxy, and where there was no connection.
    /// </summary>
    public required string? LocalAddress { get; init; }

    /// <summary>The pool of sources it went by.</summary>
    public required string? Pool { get; init; }

    /// <summary>Whose the site is. Absent: nobody's that <c>shaping.json</c> knows.</summary>
    public required string? Provider { get; init; }

    /// <summary>The host that answered, or was tried last, as <c>mx1.example.net[192.0.2.1]:25</c>.</summary>
    public required string? Mx { get; init; }

    /// <summary>Where in the dialogue it ended. <c>dot</c> is the answer to the whole mail.</summary>
    [WordsOf<SmtpStep>]
    public required string? Step { get; init; }

    /// <summary>The version of TLS. Absent: it went in clear, or there was no connection.</summary>
    public required string? Tls { get; init; }

    /// <summary>When its node's queue had it. Until then it lay in its ledger, or its site was looked up.</summary>
    public required DateTimeOffset? ReadyAt { get; init; }

    /// <summary>What kept it last before it began. <c>none</c>: nothing.</summary>
    [WordsOf<HeldBy>]
    public required string? HeldBy { get; init; }

    /// <summary>The hold of the lane behind <c>held_by</c>.</summary>
    public required int? HoldId { get; init; }

    /// <summary>The version of the shaping rules it went by.</summary>
    public required string? ShapingVersion { get; init; }

    /// <summary>Milliseconds from the start of the try to its end.</summary>
    public required double? DurationMs { get; init; }

    /// <summary>Octets after <c>DATA</c> as they went over the connection. 0: <c>DATA</c> was not reached.</summary>
    public required long? Bytes { get; init; }

    /// <summary>Which mail on its connection it was, from 1.</summary>
    public required int? MailOnConnection { get; init; }

    /// <summary>When the next try is due.</summary>
    public required DateTimeOffset? DueAt { get; init; }

    /// <summary>Why this was decided.</summary>
    public required string? Rule { get; init; }

    /// <summary>
    /// <c>true</c>: nobody knows whether the receiver took it, and it is sent again. Otherwise absent.
    /// </summary>
    public required bool? InDoubt { get; init; }

    /// <summary>The node that tried, and which start of it.</summary>
    public required string? Node { get; init; }

    /// <summary>Who withdrew it: the id of a key, or <c>admin</c>. Absent where it is not yours to know.</summary>
    public required string? By { get; init; }

    /// <summary>Why, in the words of who ended it.</summary>
    public required string? Note { get; init; }

    /// <summary>What was asked for: <c>message</c>, this one by its id.</summary>
    public required string? Asked { get; init; }

    /// <summary>What a refusal was taken to mean.</summary>
    public required ClassificationResponse? Classification { get; init; }

    /// <summary>
    /// Who says so: a feedback loop's name, a domain that DNS vouches for, or what the host called itself.
    /// </summary>
    public required string? Reporter { get; init; }

    /// <summary>The report's own word (RFC 5965), as <c>abuse</c>.</summary>
    public required string? FeedbackType { get; init; }

    /// <summary>The mail it came in: the <c>id</c> of a returned mail.</summary>
    public required string? ReportId { get; init; }

    public static EventResponse From(
        StoryEvent e, MessageId message, string? recipient, Func<string, bool> sees) => new()
        {
            Id = e.IdIn(message),
            Sequence = e.Sequence,
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
            Note = e.End?.Note,
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
