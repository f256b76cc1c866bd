using System.Collections.Frozen;
using static AkkaMail.Core.Bounces.BounceCategory;
using static AkkaMail.Core.Bounces.BounceFault;
using static AkkaMail.Core.Bounces.BounceReason;

namespace AkkaMail.Core.Bounces;

/// <summary>What a reason means: one row each.</summary>
public static class Reasons
{
    private sealed record Row(string Word, BounceFault Fault, BounceCategory Category);

    private static readonly FrozenDictionary<BounceReason, Row> Table = new Dictionary<BounceReason, Row>
    {
        [Unclear] = new("unclear", Receiver, Soft),
        [UnknownUser] = new("unknown_user", Recipient, Hard),
        [UnknownHost] = new("unknown_host", Recipient, Hard),
        [Moved] = new("moved", Recipient, Hard),
        [NoMailHost] = new("no_mail_host", Recipient, Hard),
        [BounceReason.Inactive] = new("inactive", Recipient, BounceCategory.Inactive),
        [BounceReason.MailboxFull] = new("mailbox_full", Recipient, BounceCategory.MailboxFull),
        [RefusedByRecipient] = new("refused_by_recipient", Recipient, Soft),
        [OverMailboxLimit] = new("over_mailbox_limit", BounceFault.Content, TooBig),
        [TooLarge] = new("too_large", BounceFault.Content, TooBig),
        [BounceReason.Blocked] = new("blocked", Infrastructure, BounceCategory.Blocked),
        [BadReputation] = new("bad_reputation", Infrastructure, BounceCategory.Blocked),
        [NoReverseDns] = new("no_reverse_dns", Infrastructure, BounceCategory.Blocked),
        [BounceReason.RateLimited] = new("rate_limited", Infrastructure, BounceCategory.RateLimited),
        [TooManyConnections] = new("too_many_connections", Infrastructure, BounceCategory.RateLimited),
        [NotAuthenticated] = new("not_authenticated", Sender, Auth),
        [BounceReason.Spam] = new("spam", BounceFault.Content, BounceCategory.Spam),
        [BounceReason.Virus] = new("virus", BounceFault.Content, BounceCategory.Virus),
        [BadContent] = new("bad_content", BounceFault.Content, BounceCategory.Content),
        [BounceReason.Policy] = new("policy", BounceFault.Content, BounceCategory.Policy),
        [SenderRefused] = new("sender_refused", Sender, BounceCategory.Policy),
        [RelayDenied] = new("relay_denied", Sender, Relay),
        [Security] = new("security", Infrastructure, BounceCategory.Policy),
        [NotCompliant] = new("not_compliant", BounceFault.Content, BounceCategory.Policy),
        [Expired] = new("expired", Receiver, Transient),
        [Network] = new("network", Infrastructure, Transient),
        [SystemFull] = new("system_full", Receiver, Transient),
        [SystemError] = new("system_error", Receiver, Soft),
        [MailerError] = new("mailer_error", Receiver, Soft),
        [Syntax] = new("syntax", Receiver, Soft),
    }.ToFrozenDictionary();

    /// <summary>By the word a rule file has.</summary>
    public static IReadOnlyDictionary<string, BounceReason> ByWord { get; } =
        Table.ToFrozenDictionary(row => row.Value.Word, row => row.Key);

    public static string ToWord(this BounceReason reason) => Table[reason].Word;

    public static BounceFault Fault(BounceReason reason) => Table[reason].Fault;

    /// <summary>
    /// How long it holds, where <paramref name="isTemporary"/> is what the receiver's code says of itself. An unknown
    /// user stays unknown under any code; a name server that fails to answer is no null MX.
    /// </summary>
    public static Permanence Permanence(BounceReason reason, bool isTemporary) => Table[reason].Category switch
    {
        Hard when reason == NoMailHost && isTemporary => Bounces.Permanence.Transient,
        Hard => Bounces.Permanence.Hard,
        Transient => Bounces.Permanence.Transient,
        _ => isTemporary ? Bounces.Permanence.Transient : Bounces.Permanence.Soft,
    };

    /// <summary>A reason that says little counts as transient when the receiver says so.</summary>
    public static BounceCategory Category(BounceReason reason, bool isTemporary) => Table[reason].Category switch
    {
        Hard when reason == NoMailHost && isTemporary => Transient,
        Soft when isTemporary && reason != RefusedByRecipient => Transient,
        var category => category,
    };
}
