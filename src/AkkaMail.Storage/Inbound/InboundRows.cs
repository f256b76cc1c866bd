using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Inbound;

[Table("mails")]
internal sealed class InboundMailRow
{
    [Column("id"), PrimaryKey] public long Id { get; set; }
    [Column("body")] public long Body { get; set; }
    [Column("loop")] public string? Loop { get; set; }
    [Column("is_verified")] public bool IsVerified { get; set; }
    [Column("at")] public long At { get; set; }
    [Column("door")] public byte Door { get; set; }
    [Column("recipient")] public string Recipient { get; set; } = "";
    [Column("mail_from")] public string MailFrom { get; set; } = "";
    [Column("helo")] public string Helo { get; set; } = "";
    [Column("remote")] public string Remote { get; set; } = "";
    [Column("size")] public long Size { get; set; }
    [Column("submission")] public byte[]? Submission { get; set; }
    [Column("idx")] public int? Index { get; set; }
    [Column("outcome")] public byte Outcome { get; set; }
    [Column("due_at")] public long DueAt { get; set; }
    [Column("tries")] public int Tries { get; set; }
    [Column("tenant")] public string? Tenant { get; set; }
    [Column("kind")] public byte? Kind { get; set; }
    [Column("reporter")] public string? Reporter { get; set; }
    [Column("authentication")] public string? Authentication { get; set; }
    [Column("feedback_type")] public string? FeedbackType { get; set; }
    [Column("reason")] public byte? Reason { get; set; }
    [Column("rule")] public string? Rule { get; set; }
    [Column("version")] public string? Version { get; set; }
    [Column("detail")] public string? Detail { get; set; }

    public InboundMail ToMail() => new(
        Id, new(At, TimeSpan.Zero), (ReturnDoor)Door, new(Recipient, MailFrom, Helo, Remote), Loop, Size, Tries,
        new((InboundOutcome)Outcome, MessageOf(Submission, Index), Tenant,
            new((BounceKind?)Kind, FeedbackType, (BounceReason?)Reason, Rule, Version), Reporter, IsVerified,
            Authentication, Detail));

    public static byte[]? BytesOf(MessageId? message) =>
        message is { } m ? new Hash128(m.Submission.High, m.Submission.Low).ToBytes() : null;

    private static MessageId? MessageOf(byte[]? submission, int? index) =>
        submission is not null && Hash128.Read(submission) is var h ? new(new(h.High, h.Low), index ?? 0) : null;
}

[Table("bodies")]
internal sealed class InboundBodyRow
{
    [Column("id"), PrimaryKey] public long Id { get; set; }
    [Column("bytes")] public byte[] Bytes { get; set; } = [];
}
