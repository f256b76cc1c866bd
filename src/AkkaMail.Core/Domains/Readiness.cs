using System.Collections.Immutable;
using System.Globalization;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Domains;

public enum RuleState
{
    [Word("ok")] Ok,
    [Word("warning")] Warning,
    [Word("failed")] Failed,
    [Word("unknown")] Unknown,
}

/// <summary>
/// A bulk-sender rule and how it stands: what was seen, what to do (null: nothing), and who asks for it.
/// </summary>
public sealed record RuleCheck(string Rule, RuleState State, string Seen, string? WhatToDo, string Source);

/// <summary>An egress address and the names DNS gives it; null: not looked up, or DNS did not answer.</summary>
/// <param name="Names">Its PTR names.</param>
/// <param name="Confirmed">The PTR name that leads back to the address, or null when none does.</param>
public sealed record SourceFacts(string Address, string EhloName, ImmutableArray<string>? Names, string? Confirmed);

/// <summary>What the bulk-sender rules are judged by. A count of zero mails leaves a rate unknown.</summary>
/// <param name="Records">The domain's records as <see cref="DomainCheck"/> saw them.</param>
/// <param name="DmarcPolicy">What the DMARC record that holds for the domain asks for; null: there is none.</param>
/// <param name="SignsAligned">The domain's mail is signed by its own keys.</param>
/// <param name="ReturnPathAligned">The envelope sender is in the From domain's organization.</param>
/// <param name="DeliveredByTls">Of <paramref name="Delivered"/>, over the last days.</param>
/// <param name="OneClick">Broadcast mail carries both List-Unsubscribe headers, signed.</param>
/// <param name="Complaints">Of <paramref name="Delivered"/>; null: nobody tells us.</param>
public sealed record ReadinessFacts(
    ImmutableArray<RecordCheck> Records, string? DmarcPolicy, bool SignsAligned, bool ReturnPathAligned,
    ImmutableArray<SourceFacts> Sources, bool? OneClick, long Delivered, long DeliveredByTls, long? Complaints)
{
    /// <summary>What DMARC reports say of the last days; null: there are none.</summary>
    public ReportedFacts? Reported { get; init; }
}

/// <summary>Mails that said they were the domain's, and those of them that came from our sources.</summary>
public sealed record ReportedFacts(long Mails, long Passed, long Ours, long OursPassed);

/// <summary>
/// The rules Gmail, Yahoo and Outlook have for who sends 5,000 mails a day or more, as a checklist.
/// </summary>
public static class Readiness
{
    /// <summary>Gmail: keep it below; and never reach the second.</summary>
    public const double ComplaintsWarning = 0.001, ComplaintsFailed = 0.003;

    /// <summary>Under this many mails one complaint more would change the verdict.</summary>
    public const long MailsForRate = 1000;

    /// <summary>Of our own mail as receivers saw it; a name server that was silent costs some of it.</summary>
    public const double ReportedWarning = 0.99, ReportedFailed = 0.9;

    public const long ReportedForShare = 100;

    private const string Gmail = "Gmail, Email sender guidelines", Yahoo = "Yahoo, Sender Best Practices",
        Outlook = "Outlook.com, high-volume sender requirements", All = $"{Gmail}; {Yahoo}; {Outlook}";

    public static ImmutableArray<RuleCheck> Check(ReadinessFacts facts) =>
    [
        Records("spf", facts, "SPF of the return path", RecordPurpose.Spf, RecordPurpose.ReturnPath),
        Records("dkim", facts, "DKIM keys in DNS", RecordPurpose.Dkim),
        Dmarc(facts),
        Alignment(facts),
        Tls(facts),
        .. facts.Sources.Select(ReverseName),
        OneClick(facts),
        Complaints(facts),
        Reported(facts.Reported),
    ];

    private static RuleCheck Records(string rule, ReadinessFacts facts, string what, params RecordPurpose[] purposes)
    {
        var records = facts.Records.Where(r => purposes.Contains(r.Record.Purpose) && r.Record.IsRequired).ToList();
        var bad = records.Where(r => r.State is RecordState.Missing or RecordState.Wrong).ToList();
        if (bad.Count > 0)
            return new(rule, RuleState.Failed,
                $"{what}: " + string.Join(", ", bad.Select(b =>
                    $"{b.Record.Type.Name} at {b.Record.Name} is {b.State.ToWord()}")),
                bad is [var one] ? one.Advice
                    : string.Join(" ", bad.Index().Select(b => $"{b.Index + 1}. {b.Item.Advice}")), All);
        return records.Count == 0 || records.Exists(r => r.State == RecordState.Unknown)
            ? new(rule, RuleState.Unknown, $"{what}: DNS did not answer", "Look again later.", All)
            : new(rule, RuleState.Ok, $"{what}: as published", null, All);
    }


    private static RuleCheck Dmarc(ReadinessFacts facts) =>
        Records("dmarc", facts, "DMARC record", RecordPurpose.Dmarc) is not { State: RuleState.Ok } record
            ? Records("dmarc", facts, "DMARC record", RecordPurpose.Dmarc)
            : record with
            {
                Seen = $"p={facts.DmarcPolicy ?? "none"}",
                WhatToDo = facts.DmarcPolicy is null or "none"
                    ? "Enough for the rule. Once reports show only your own mail passing, go on to p=quarantine."
                    : null,
            };

    private static RuleCheck Alignment(ReadinessFacts facts) => (facts.SignsAligned, facts.ReturnPathAligned) switch
    {
        (true, true) =>
            new("dmarc-alignment", RuleState.Ok, "signature and return path are the From domain's", null, All),
        (true, false) =>
            new("dmarc-alignment", RuleState.Warning, "the signature is the From domain's, the return path is not",
            "Publish the return path records, so that DMARC passes by SPF too.", All),
        (false, true) =>
            new("dmarc-alignment", RuleState.Warning, "the return path is the From domain's, the signature is not",
            "Publish the DKIM records: forwarded mail keeps only its signature.", All),
        _ => new("dmarc-alignment", RuleState.Failed, "neither signature nor return path are the From domain's",
            "Publish the domain's records and verify it.", All),
    };

    /// <summary>
    /// Judged by what we send: others who say they were the domain are no fault of its mail, but a reason for a policy.
    /// Our own mail fails on no way to a receiver, and those on the way have addresses of their own.
    /// </summary>
    private static RuleCheck Reported(ReportedFacts? reported)
    {
        const string rule = "dmarc-reports";
        if (reported is not { } r)
            return new(rule, RuleState.Unknown, "no DMARC reports of the last 7 days",
                "Have them sent here, or upload them: then receivers say what they see.", All);
        var seen = string.Create(CultureInfo.InvariantCulture,
            $"{r.OursPassed} of {r.Ours} mails from our sources passed, {r.Passed - r.OursPassed} of "
            + $"{r.Mails - r.Ours} from others");
        if (r.Ours < ReportedForShare)
            return new(rule, RuleState.Unknown, $"{seen}: too few of ours for a share",
                "See who sends: akkamail domains dmarc.", All);
        var share = (double)r.OursPassed / r.Ours;
        return share < ReportedFailed
            ? new(rule, RuleState.Failed, seen, "See at which receivers, and check signature and return path.", All)
            : share < ReportedWarning
                ? new(rule, RuleState.Warning, seen, "See at which receivers: akkamail domains dmarc.", All)
                : new(rule, RuleState.Ok, seen, null, All);
    }

    private static RuleCheck Tls(ReadinessFacts facts)
    {
        if (facts.Delivered == 0) return new("tls", RuleState.Unknown, "nothing delivered lately", null, Gmail);
        var seen = string.Create(CultureInfo.InvariantCulture,
            $"{facts.DeliveredByTls} of {facts.Delivered} delivered over TLS");
        // Some receivers have none; ours is to use it wherever it is offered.
        return facts.DeliveredByTls == 0
            ? new("tls", RuleState.Failed, seen, "Allow TLS for the source: set tls to opportunistic.", Gmail)
            : facts.DeliveredByTls < facts.Delivered / 2
                ? new("tls", RuleState.Warning, seen,
                    "See which receivers got plain text, and whether a rule forbids TLS.", Gmail)
                : new("tls", RuleState.Ok, seen, null, Gmail);
    }

    /// <summary>Whether receivers find a name for a source, and lead back to it.</summary>
    public static RuleCheck ReverseName(SourceFacts source)
    {
        var rule = $"reverse-name {source.Address}";
        if (source.Names is not { } names)
            return new(rule, RuleState.Unknown, "DNS did not answer", "Look again later.", All);
        if (names.IsEmpty)
            return new(rule, RuleState.Failed, "no PTR record",
                $"Have the owner of the address set its reverse name to {source.EhloName}.", All);
        if (source.Confirmed is not { } confirmed)
            return new(rule, RuleState.Failed, $"{names[0]} does not lead back to {source.Address}",
                $"Publish an A or AAAA record of {names[0]} with {source.Address}.", All);
        return confirmed.Equals(source.EhloName, StringComparison.OrdinalIgnoreCase)
            ? new(rule, RuleState.Ok, $"{confirmed}, and back", null, All)
            : new(rule, RuleState.Warning, $"{confirmed}, and back; but we say EHLO {source.EhloName}",
                "Give both the same name.", All);
    }

    private static RuleCheck OneClick(ReadinessFacts facts) => facts.OneClick switch
    {
        true => new("one-click", RuleState.Ok, "List-Unsubscribe and List-Unsubscribe-Post, signed", null, All),
        false => new("one-click", RuleState.Failed, "broadcast mail without one-click unsubscribe",
            "Leave unsubscribe on for the broadcast streams (RFC 8058).", All),
        null => new("one-click", RuleState.Unknown, "no broadcast mail lately", null, All),
    };

    private static RuleCheck Complaints(ReadinessFacts facts)
    {
        if (facts.Complaints is not { } complaints)
            return new("complaints", RuleState.Unknown, "no complaints are reported to this installation",
                "Look at Google Postmaster Tools and Yahoo's Sender Hub.", $"{Gmail}; {Yahoo}");
        if (facts.Delivered < MailsForRate)
            return new("complaints", RuleState.Unknown, string.Create(CultureInfo.InvariantCulture,
                $"{complaints} of {facts.Delivered}: too few mails for a rate"), null, $"{Gmail}; {Yahoo}");
        var rate = (double)complaints / facts.Delivered;
        var seen = string.Create(
            CultureInfo.InvariantCulture, $"{rate:0.00 %} ({complaints} of {facts.Delivered})");
        return rate >= ComplaintsFailed
            ? new("complaints", RuleState.Failed, seen,
                "Stop broadcast mail to people who have not asked for it; it must stay under 0.3 %.",
                $"{Gmail}; {Yahoo}")
            : rate >= ComplaintsWarning
                ? new("complaints", RuleState.Warning, seen, "Keep it under 0.1 %: drop recipients who never open.",
                    $"{Gmail}; {Yahoo}")
                : new("complaints", RuleState.Ok, seen, null, $"{Gmail}; {Yahoo}");
    }
}
