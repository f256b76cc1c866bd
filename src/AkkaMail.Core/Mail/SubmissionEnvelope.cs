using System.Collections.Immutable;

namespace AkkaMail.Core.Mail;

/// <summary>
/// Everything of a submission that names people: who sends, who receives, and what differs from mail to mail. It lies
/// beside the content, never in the journal, so that erasing a person is deleting this row. As it is read for one
/// message it may have only the mails around that one.
/// </summary>
public sealed record SubmissionEnvelope(
    Mailbox From, ImmutableArray<Mailbox> ReplyTo, ImmutableArray<HeaderField> Headers,
    ImmutableArray<MailEnvelope> Mails)
{
    /// <summary>
    /// The sender's own address for MAIL FROM, with its domain in A-labels. Null: one of ours, so that bounces come
    /// back here. Empty: none (RFC 5321 §4.5.5), of what must not be answered.
    /// </summary>
    public string? MailFrom { get; init; }

    public Dressing Dressing { get; init; } = Dressing.None;

    /// <summary>How many mails and messages of the submission stand before the first of <see cref="Mails"/>.</summary>
    public int MailsBefore { get; init; }
    public int MessagesBefore { get; init; }

    /// <summary>All recipients in the order of their message index: mail by mail, To, then Cc, then Bcc.</summary>
    public IEnumerable<Mailbox> Recipients() => Mails.SelectMany(mail => mail.Recipients());

    /// <summary>Whom message <paramref name="index"/> is for; null: the mail is not among these.</summary>
    public Addressee? Find(int index)
    {
        index -= MessagesBefore;
        for (var mail = 0; mail < Mails.Length && index >= 0; mail++)
        {
            if (index < Mails[mail].Count) return new(MailsBefore + mail, Mails[mail], Mails[mail].At(index));
            index -= Mails[mail].Count;
        }
        return null;
    }
}

/// <summary>The mail of a message, its place in the submission (from 0), and who gets it.</summary>
public sealed record Addressee(int Number, MailEnvelope Mail, Mailbox Recipient);

/// <summary>
/// What is put into a mail by a decision of ours. It is made at acceptance and stored with the mail, so that a setting
/// which changes later changes no octet of a retry.
/// </summary>
/// <param name="UnsubscribeAt">
/// The public URL, https, below which the link to unsubscribe by one click leads (RFC 8058); null: there is none by us.
/// </param>
/// <param name="FeedbackTo">
/// The address for complaints, at or below the From domain (RFC 9477 §3.1); null: none is told.
/// </param>
/// <param name="FeedbackId">The value of Feedback-ID, by which Gmail tells of complaints; null: none.</param>
public sealed record Dressing(string? UnsubscribeAt = null, string? FeedbackTo = null, string? FeedbackId = null)
{
    public static Dressing None { get; } = new();
}

/// <summary>
/// One mail with its visible recipients; a subject, variables and headers of its own where it has them.
/// </summary>
public sealed record MailEnvelope(
    ImmutableArray<Mailbox> To, ImmutableArray<Mailbox> Cc, ImmutableArray<Mailbox> Bcc, string? Subject,
    ImmutableArray<Variable> Variables, ImmutableArray<Variable> Metadata, ImmutableArray<HeaderField> Headers)
{
    public int Count => To.Length + Cc.Length + Bcc.Length;

    public IEnumerable<Mailbox> Recipients() => To.Concat(Cc).Concat(Bcc);

    public Mailbox At(int index) =>
        index < To.Length ? To[index] : (index -= To.Length) < Cc.Length ? Cc[index] : Bcc[index - Cc.Length];
}

/// <summary>A header the sender adds. Name and value have been checked: no CR, LF or NUL can be in either.</summary>
public sealed record HeaderField(string Name, string Value);

/// <summary>A named value, for <c>{{name}}</c> in subject and bodies or as metadata handed back with events.</summary>
public sealed record Variable(string Name, string Value);

/// <summary>What a submission says, and of its envelope at least the mail that was asked for.</summary>
public sealed record StoredMail(MailContent Content, SubmissionEnvelope Envelope);

/// <summary>
/// Reads a submission to compose its message <paramref name="index"/>; null when it is gone (erased, or lost with the
/// store).
/// </summary>
public delegate ValueTask<StoredMail?> LoadMail(long envelope, int index, CancellationToken cancel);
