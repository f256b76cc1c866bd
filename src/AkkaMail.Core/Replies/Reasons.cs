using System.Collections.Frozen;
using static AkkaMail.Core.Replies.BounceCategory;
using static AkkaMail.Core.Replies.BounceFault;
using static AkkaMail.Core.Replies.BounceReason;

namespace AkkaMail.Core.Replies;

/// <summary>Why a mail was refused or put off; what follows from each is in <see cref="Reasons"/>.</summary>
public enum BounceReason : byte
{
    /// <summary>The words say nothing we know.</summary>
    Unclear = 0,

    UnknownUser = 1,
    UnknownHost = 2,

    /// <summary>The address has moved (RFC 5321 §3.4: 551).</summary>
    Moved = 3,

    /// <summary>The domain takes no mail: no MX and no address, or a null MX (RFC 7505).</summary>
    NoMailHost = 4,

    /// <summary>There is such a mailbox, but it is disabled, suspended or frozen.</summary>
    Inactive = 5,

    MailboxFull = 6,

    /// <summary>After the address was taken: a filter or wish of the recipient's own.</summary>
    RefusedByRecipient = 7,

    /// <summary>Larger than this mailbox takes (RFC 3463: X.2.3).</summary>
    OverMailboxLimit = 8,

    /// <summary>Larger than the server takes (RFC 3463: X.3.4).</summary>
    TooLarge = 9,

    Blocked = 10,

    /// <summary>Blocked for what is known of the address or domain, not for being on a list.</summary>
    BadReputation = 11,

    NoReverseDns = 12,
    RateLimited = 13,
    TooManyConnections = 14,

    /// <summary>SPF, DKIM or DMARC did not pass, or nothing is signed.</summary>
    NotAuthenticated = 15,

    Spam = 16,
    Virus = 17,
    BadContent = 18,
    Policy = 19,
    SenderRefused = 20,
    RelayDenied = 21,

    /// <summary>Login, TLS or certificates.</summary>
    Security = 22,

    /// <summary>The mail breaks RFC 5321 or 5322.</summary>
    NotCompliant = 23,

    Expired = 24,
    Network = 25,

    /// <summary>The receiver's disk, not a mailbox.</summary>
    SystemFull = 26,

    SystemError = 27,

    /// <summary>The program that files the mail failed.</summary>
    MailerError = 28,

    /// <summary>A command was not understood or came out of turn.</summary>
    Syntax = 29,

    /// <summary>Not seen before: come back (RFC 6647).</summary>
    Greylisted = 30,

    /// <summary>421 without a reason (RFC 5321 §4.2.2): slower is never wrong.</summary>
    NotNow = 31,

    /// <summary>One connection or one mail has had enough (RFC 5321 §4.5.3.1.10); another may go on.</summary>
    SessionLimit = 32,

    /// <summary>One recipient or one sender has had enough for now; nobody else has.</summary>
    RecipientRate = 33,

    /// <summary>One mailbox is in trouble of its own (RFC 3463 §3.3: X.2.X), and will be over it.</summary>
    MailboxTrouble = 34,
}

/// <summary>Who can mend it. Only a recipient's fault may ever lead to a suppression.</summary>
public enum BounceFault : byte { Recipient = 0, Sender = 1, Content = 2, Infrastructure = 3, Receiver = 4 }

/// <summary>Hard: never again. Soft: not this mail. Transient: the same mail may pass later.</summary>
public enum Permanence : byte { Hard = 0, Soft = 1, Transient = 2 }

/// <summary>What kind of reply it is, as operators count them.</summary>
public enum BounceCategory : byte
{
    Hard = 0, Inactive = 1, MailboxFull = 2, Blocked = 3, RateLimited = 4, Policy = 5, Relay = 6, Auth = 7, Spam = 8,
    Virus = 9, Content = 10, TooBig = 11, Transient = 12, Soft = 13,
}

/// <summary>What a mail to the return path is, for one recipient.</summary>
public enum BounceKind : byte
{
    /// <summary>An ordinary mail: nothing to act on.</summary>
    Other = 0,

    Bounce = 1,

    /// <summary>The queue still tries: no failure.</summary>
    Delayed = 2,

    /// <summary>A success DSN (RFC 3464: delivered, relayed, expanded).</summary>
    Delivered = 3,

    /// <summary>ARF (RFC 5965): a complaint, an opt-out, a failure report.</summary>
    Feedback = 4,

    /// <summary>An answer by a program (RFC 3834).</summary>
    Vacation = 5,
}

/// <summary>The words of the API and the rule file, in one table each: lower case.</summary>
public static class BounceWords
{
    public static string ToWord(this BounceFault fault) => Word(fault);
    public static string ToWord(this Permanence permanence) => Word(permanence);
    public static string ToWord(this BounceCategory category) => Word(category);
    public static string ToWord(this BounceKind kind) => Word(kind);

    private static string Word<T>(T value) where T : struct, Enum => Words<T>.All[value];

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All =
            Enum.GetValues<T>().ToDictionary(value => value, value => value.ToString().ToLowerInvariant());
    }
}

/// <summary>What a reason means: one row each.</summary>
public static class Reasons
{
    /// <param name="Lane">What it tells about the lane; null: nothing, it is one more refusal.</param>
    private sealed record Row(string Word, BounceFault Fault, BounceCategory Category, ReplyClass? Lane = null);

    private static readonly FrozenDictionary<BounceReason, Row> Table = new Dictionary<BounceReason, Row>
    {
        [Unclear] = new("unclear", Receiver, Soft),
        [UnknownUser] = new("unknown_user", Recipient, Hard, ReplyClass.UnknownUser),
        [UnknownHost] = new("unknown_host", Recipient, Hard, ReplyClass.UnknownUser),
        [Moved] = new("moved", Recipient, Hard, ReplyClass.UnknownUser),
        [NoMailHost] = new("no_mail_host", Recipient, Hard, ReplyClass.UnknownUser),
        [BounceReason.Inactive] = new("inactive", Recipient, BounceCategory.Inactive, ReplyClass.UnknownUser),
        [BounceReason.MailboxFull] = new("mailbox_full", Recipient, BounceCategory.MailboxFull, ReplyClass.MailboxFull),
        [RefusedByRecipient] = new("refused_by_recipient", Recipient, Soft),
        [OverMailboxLimit] = new("over_mailbox_limit", BounceFault.Content, TooBig, ReplyClass.Content),
        [TooLarge] = new("too_large", BounceFault.Content, TooBig, ReplyClass.Content),
        [BounceReason.Blocked] = new("blocked", Infrastructure, BounceCategory.Blocked, ReplyClass.Blocked),
        [BadReputation] = new("bad_reputation", Infrastructure, BounceCategory.Blocked, ReplyClass.Blocked),
        [NoReverseDns] = new("no_reverse_dns", Infrastructure, BounceCategory.Blocked, ReplyClass.Blocked),
        [BounceReason.RateLimited] = new("rate_limited", Infrastructure, BounceCategory.RateLimited, ReplyClass.RateLimited),
        [TooManyConnections] = new("too_many_connections", Infrastructure, BounceCategory.RateLimited, ReplyClass.TooManyConnections),
        [NotAuthenticated] = new("not_authenticated", Sender, Auth, ReplyClass.Content),
        [BounceReason.Spam] = new("spam", BounceFault.Content, BounceCategory.Spam, ReplyClass.Content),
        [BounceReason.Virus] = new("virus", BounceFault.Content, BounceCategory.Virus, ReplyClass.Content),
        [BadContent] = new("bad_content", BounceFault.Content, BounceCategory.Content, ReplyClass.Content),
        [BounceReason.Policy] = new("policy", BounceFault.Content, BounceCategory.Policy),
        [SenderRefused] = new("sender_refused", Sender, BounceCategory.Policy),
        [RelayDenied] = new("relay_denied", Sender, Relay),
        [Security] = new("security", Infrastructure, BounceCategory.Policy),
        [NotCompliant] = new("not_compliant", BounceFault.Content, BounceCategory.Policy, ReplyClass.Content),
        [Expired] = new("expired", Receiver, Transient),
        [Network] = new("network", Infrastructure, Transient),
        [SystemFull] = new("system_full", Receiver, Transient),
        [SystemError] = new("system_error", Receiver, Soft),
        [MailerError] = new("mailer_error", Receiver, Soft),
        [Syntax] = new("syntax", Receiver, Soft),
        [Greylisted] = new("greylisted", Receiver, Transient, ReplyClass.Greylisted),
        [NotNow] = new("not_now", Receiver, Transient, ReplyClass.RateLimited),
        [MailboxTrouble] = new("mailbox_trouble", Receiver, Transient, ReplyClass.MailboxFull),
        [SessionLimit] = new("session_limit", Infrastructure, BounceCategory.RateLimited),
        [RecipientRate] = new("recipient_rate", Infrastructure, BounceCategory.RateLimited),
    }.ToFrozenDictionary();

    /// <summary>By the word a rule file has.</summary>
    public static IReadOnlyDictionary<string, BounceReason> ByWord { get; } =
        Table.ToFrozenDictionary(row => row.Value.Word, row => row.Key);

    public static string ToWord(this BounceReason reason) => Table[reason].Word;

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
