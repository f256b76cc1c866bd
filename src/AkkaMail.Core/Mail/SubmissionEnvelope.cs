using System.Collections.Immutable;

namespace AkkaMail.Core.Mail;

/// <summary>
/// Everything of a submission that names people: who sends, who receives, and what differs from mail to mail. It lies
/// beside the content, never in the journal, so that erasing a person is deleting this row.
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

    /// <summary>All recipients in the order of their message index: mail by mail, To, then Cc, then Bcc.</summary>
    public IEnumerable<Mailbox> Recipients() => Mails.SelectMany(mail => mail.Recipients());

    /// <summary>The mail and the mailbox of message <paramref name="index"/>.</summary>
    public (int Mail, Mailbox Recipient) Find(int index)
    {
        for (var mail = 0; mail < Mails.Length; mail++)
        {
            if (index < Mails[mail].Count) return (mail, Mails[mail].At(index));
            index -= Mails[mail].Count;
        }
        throw new ArgumentOutOfRangeException(nameof(index));
    }
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

/// <summary>A submission as the content store gives it back.</summary>
public sealed record StoredMail(MailContent Content, SubmissionEnvelope Envelope);

/// <summary>Reads a submission for composition; null when it is gone (erased, or lost with the store).</summary>
public delegate ValueTask<StoredMail?> LoadMail(long envelope, CancellationToken cancel);
