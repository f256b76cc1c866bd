using System.Collections.Frozen;
using AkkaMail.Core.Ids;
using static AkkaMail.Core.Replies.BounceCategory;
using static AkkaMail.Core.Replies.BounceFault;
using static AkkaMail.Core.Replies.BounceReason;

namespace AkkaMail.Core.Replies;

/// <summary>Why a mail was refused or put off; what follows from each is in <see cref="Reasons"/>.</summary>
public enum BounceReason : byte
{
    /// <summary>The words say nothing we know.</summary>
    [Word("unclear")] Unclear = 0,

    [Word("unknown_user")] UnknownUser = 1,
    [Word("unknown_host")] UnknownHost = 2,

    /// <summary>The address has moved (RFC 5321 §3.4: 551).</summary>
    [Word("moved")] Moved = 3,

    /// <summary>The domain takes no mail: no MX and no address, or a null MX (RFC 7505).</summary>
    [Word("no_mail_host")] NoMailHost = 4,

    /// <summary>There is such a mailbox, but it is disabled, suspended or frozen.</summary>
    [Word("inactive")] Inactive = 5,

    [Word("mailbox_full")] MailboxFull = 6,

    /// <summary>After the address was taken: a filter or wish of the recipient's own.</summary>
    [Word("refused_by_recipient")] RefusedByRecipient = 7,

    /// <summary>Larger than this mailbox takes (RFC 3463: X.2.3).</summary>
    [Word("over_mailbox_limit")] OverMailboxLimit = 8,

    /// <summary>Larger than the server takes (RFC 3463: X.3.4).</summary>
    [Word("too_large")] TooLarge = 9,

    [Word("blocked")] Blocked = 10,

    /// <summary>Blocked for what is known of the address or domain, not for being on a list.</summary>
    [Word("bad_reputation")] BadReputation = 11,

    [Word("no_reverse_dns")] NoReverseDns = 12,
    [Word("rate_limited")] RateLimited = 13,
    [Word("too_many_connections")] TooManyConnections = 14,

    /// <summary>SPF, DKIM or DMARC did not pass, or nothing is signed.</summary>
    [Word("not_authenticated")] NotAuthenticated = 15,

    [Word("spam")] Spam = 16,
    [Word("virus")] Virus = 17,
    [Word("bad_content")] BadContent = 18,
    [Word("policy")] Policy = 19,
    [Word("sender_refused")] SenderRefused = 20,
    [Word("relay_denied")] RelayDenied = 21,

    /// <summary>Login, TLS or certificates.</summary>
    [Word("security")] Security = 22,

    /// <summary>The mail breaks RFC 5321 or 5322.</summary>
    [Word("not_compliant")] NotCompliant = 23,

    [Word("expired")] Expired = 24,
    [Word("network")] Network = 25,

    /// <summary>The receiver's disk, not a mailbox.</summary>
    [Word("system_full")] SystemFull = 26,

    [Word("system_error")] SystemError = 27,

    /// <summary>The program that files the mail failed.</summary>
    [Word("mailer_error")] MailerError = 28,

    /// <summary>A command was not understood or came out of turn.</summary>
    [Word("syntax")] Syntax = 29,

    /// <summary>Not seen before: come back (RFC 6647).</summary>
    [Word("greylisted")] Greylisted = 30,

    /// <summary>421 without a reason (RFC 5321 §4.2.2): slower is never wrong.</summary>
    [Word("not_now")] NotNow = 31,

    /// <summary>One connection or one mail has had enough (RFC 5321 §4.5.3.1.10); another may go on.</summary>
    [Word("session_limit")] SessionLimit = 32,

    /// <summary>One recipient or one sender has had enough for now; nobody else has.</summary>
    [Word("recipient_rate")] RecipientRate = 33,

    /// <summary>One mailbox is in trouble of its own (RFC 3463 §3.3: X.2.X), and will be over it.</summary>
    [Word("mailbox_trouble")] MailboxTrouble = 34,
}

/// <summary>Who can mend it. Only a recipient's fault may ever lead to a suppression.</summary>
public enum BounceFault : byte
{
    [Word("recipient")] Recipient = 0,
    [Word("sender")] Sender = 1,
    [Word("content")] Content = 2,
    [Word("infrastructure")] Infrastructure = 3,
    [Word("receiver")] Receiver = 4,
}

/// <summary>Hard: never again. Soft: not this mail. Transient: the same mail may pass later.</summary>
public enum Permanence : byte
{
    [Word("hard")] Hard = 0,
    [Word("soft")] Soft = 1,
    [Word("transient")] Transient = 2,
}

/// <summary>What kind of reply it is, as operators count them.</summary>
public enum BounceCategory : byte
{
    [Word("hard")] Hard = 0,
    [Word("inactive")] Inactive = 1,
    [Word("mailboxfull")] MailboxFull = 2,
    [Word("blocked")] Blocked = 3,
    [Word("ratelimited")] RateLimited = 4,
    [Word("policy")] Policy = 5,
    [Word("relay")] Relay = 6,
    [Word("auth")] Auth = 7,
    [Word("spam")] Spam = 8,
    [Word("virus")] Virus = 9,
    [Word("content")] Content = 10,
    [Word("toobig")] TooBig = 11,
    [Word("transient")] Transient = 12,
    [Word("soft")] Soft = 13,
}

/// <summary>What a mail to the return path is, for one recipient.</summary>
public enum BounceKind : byte
{
    /// <summary>An ordinary mail: nothing to act on.</summary>
    [Word("other")] Other = 0,

    [Word("bounce")] Bounce = 1,

    /// <summary>The queue still tries: no failure.</summary>
    [Word("delayed")] Delayed = 2,

    /// <summary>A success DSN (RFC 3464: delivered, relayed, expanded).</summary>
    [Word("delivered")] Delivered = 3,

    /// <summary>ARF (RFC 5965): a complaint, an opt-out, a failure report.</summary>
    [Word("feedback")] Feedback = 4,

    /// <summary>An answer by a program (RFC 3834).</summary>
    [Word("vacation")] Vacation = 5,
}

/// <summary>What a reason means: one row each.</summary>
public static class Reasons
{
    /// <param name="Lane">What it tells about the lane; null: nothing, it is one more refusal.</param>
    private sealed record Row(BounceFault Fault, BounceCategory Category, ReplyClass? Lane = null);

    private static readonly FrozenDictionary<BounceReason, Row> Table = new Dictionary<BounceReason, Row>
    {
        [Unclear] = new(Receiver, Soft),
        [UnknownUser] = new(Recipient, Hard, ReplyClass.UnknownUser),
        [UnknownHost] = new(Recipient, Hard, ReplyClass.UnknownUser),
        [Moved] = new(Recipient, Hard, ReplyClass.UnknownUser),
        [NoMailHost] = new(Recipient, Hard, ReplyClass.UnknownUser),
        [BounceReason.Inactive] = new(Recipient, BounceCategory.Inactive, ReplyClass.UnknownUser),
        [BounceReason.MailboxFull] = new(Recipient, BounceCategory.MailboxFull, ReplyClass.MailboxFull),
        [RefusedByRecipient] = new(Recipient, Soft),
        [OverMailboxLimit] = new(BounceFault.Content, TooBig, ReplyClass.Content),
        [TooLarge] = new(BounceFault.Content, TooBig, ReplyClass.Content),
        [BounceReason.Blocked] = new(Infrastructure, BounceCategory.Blocked, ReplyClass.Blocked),
        [BadReputation] = new(Infrastructure, BounceCategory.Blocked, ReplyClass.Blocked),
        [NoReverseDns] = new(Infrastructure, BounceCategory.Blocked, ReplyClass.Blocked),
        [BounceReason.RateLimited] = new(Infrastructure, BounceCategory.RateLimited, ReplyClass.RateLimited),
        [TooManyConnections] = new(Infrastructure, BounceCategory.RateLimited, ReplyClass.TooManyConnections),
        [NotAuthenticated] = new(Sender, Auth, ReplyClass.Content),
        [BounceReason.Spam] = new(BounceFault.Content, BounceCategory.Spam, ReplyClass.Content),
        [BounceReason.Virus] = new(BounceFault.Content, BounceCategory.Virus, ReplyClass.Content),
        [BadContent] = new(BounceFault.Content, BounceCategory.Content, ReplyClass.Content),
        [BounceReason.Policy] = new(BounceFault.Content, BounceCategory.Policy),
        [SenderRefused] = new(Sender, BounceCategory.Policy),
        [RelayDenied] = new(Sender, Relay),
        [Security] = new(Infrastructure, BounceCategory.Policy),
        [NotCompliant] = new(BounceFault.Content, BounceCategory.Policy, ReplyClass.Content),
        [Expired] = new(Receiver, Transient),
        [Network] = new(Infrastructure, Transient),
        [SystemFull] = new(Receiver, Transient),
        [SystemError] = new(Receiver, Soft),
        [MailerError] = new(Receiver, Soft),
        [Syntax] = new(Receiver, Soft),
        [Greylisted] = new(Receiver, Transient, ReplyClass.Greylisted),
        [NotNow] = new(Receiver, Transient, ReplyClass.RateLimited),
        [MailboxTrouble] = new(Receiver, Transient, ReplyClass.MailboxFull),
        [SessionLimit] = new(Infrastructure, BounceCategory.RateLimited),
        [RecipientRate] = new(Infrastructure, BounceCategory.RateLimited),
    }.ToFrozenDictionary();

    /// <summary>By the word a rule file has.</summary>
    public static IReadOnlyDictionary<string, BounceReason> ByWord { get; } =
        Enum.GetValues<BounceReason>().ToFrozenDictionary(Words.ToWord);

    /// <summary>What the lane makes of it.</summary>
    public static ReplyClass Class(BounceReason reason, bool isTemporary) =>
        Table[reason].Lane ?? (isTemporary ? ReplyClass.OtherTransient : ReplyClass.OtherPermanent);

    public static BounceFault Fault(BounceReason reason) => Table[reason].Fault;

    /// <summary>
    /// How long it holds, where <paramref name="isTemporary"/> is what the receiver's code says of itself. An unknown
    /// user stays unknown under any code; a name server that fails to answer is no null MX.
    /// </summary>
    public static Permanence Permanence(BounceReason reason, bool isTemporary) => Table[reason].Category switch
    {
        Hard when reason == NoMailHost && isTemporary => Replies.Permanence.Transient,
        Hard => Replies.Permanence.Hard,
        Transient => Replies.Permanence.Transient,
        _ => isTemporary ? Replies.Permanence.Transient : Replies.Permanence.Soft,
    };

    /// <summary>A reason that says little counts as transient when the receiver says so.</summary>
    public static BounceCategory Category(BounceReason reason, bool isTemporary) => Table[reason].Category switch
    {
        Hard when reason == NoMailHost && isTemporary => Transient,
        Soft when isTemporary && reason != RefusedByRecipient => Transient,
        var category => category,
    };
}
