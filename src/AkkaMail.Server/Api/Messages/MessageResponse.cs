using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;

namespace AkkaMail.Server.Api.Messages;

/// <summary>A message as the API shows it. Who it is from and to is absent once its envelope has been erased.</summary>
public sealed record MessageResponse(
    string Id, string SubmissionId, string Status, string? From, string? To, string? Subject, string Stream,
    IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string>? Metadata, string Site, int Attempts,
    DateTimeOffset AcceptedAt, DateTimeOffset UpdatedAt, DateTimeOffset? SendAt, DateTimeOffset? DueAt,
    DateTimeOffset ExpiresAt, IReadOnlyList<EventResponse>? Events)
{
    public static MessageResponse Of(
        MessageView message, IReadOnlyList<StoryEvent>? events, SubmissionEnvelope? envelope, string? subject)
    {
        var (mail, recipient) = envelope?.Find(message.Id.Index) is { } found
            ? (envelope.Mails[found.Mail], found.Recipient) : ((MailEnvelope?)null, (Mailbox?)null);
        return new(
            message.Id.ToString(), message.Id.Submission.ToString(), message.Status.ToWord(), envelope?.From.Address,
            recipient?.Address, mail?.Subject ?? subject, message.Facts.Stream, message.Facts.Tags,
            mail is { Metadata.IsEmpty: false } ? mail.Metadata.ToDictionary(m => m.Name, m => m.Value) : null,
            message.Site ?? message.Domain, message.Attempts, message.AcceptedAt, message.UpdatedAt,
            message.Facts.SendAt, message.DueAt, message.Facts.ExpiresAt,
            events?.Select(e => EventResponse.From(e, recipient?.Address)).ToList());
    }
}

public sealed record EventResponse(
    string Type, DateTimeOffset At, int? Attempt, ReplyResponse? Reply, string? Source, string? Mx, string? Step,
    string? Tls,
    double? DurationMs, DateTimeOffset? DueAt, string? Rule, bool? InDoubt, string? Node,
    ClassificationResponse? Classification, string? Reporter, string? FeedbackType, string? ReportId)
{
    public static EventResponse From(StoryEvent e, string? recipient) => new(
        e.Type, e.At, e.Attempt, ReplyOf(e, recipient), e.Outcome?.Source,
        e.Outcome?.Mx, e.Outcome is { Step: not SmtpStep.None } s ? Word(s.Step) : null, e.Outcome?.Tls,
        e.Outcome is { } d ? Math.Round(d.Duration.TotalMilliseconds, 1) : null, e.DueAt, e.Rule,
        e.Outcome is { End: AttemptEnd.InDoubt } ? true : null, e.Node, ClassificationResponse.Of(e.Verdict),
        e.Amended?.Reporter, e.Amended?.FeedbackType,
        e.Amended?.Mail.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static ReplyResponse? ReplyOf(StoryEvent e, string? recipient) =>
        (e.Outcome?.Reply ?? e.Amended?.Reply) is { } reply && (e.Outcome is not null || reply is not { Code: 0, Text: "" })
            ? ReplyResponse.From(reply, recipient) : null;

    private static string Word(SmtpStep step) => step switch
    {
        SmtpStep.MailFrom => "mail_from",
        SmtpStep.RcptTo => "rcpt_to",
        SmtpStep.StartTls => "starttls",
        _ => step.ToString().ToLowerInvariant(),
    };
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
