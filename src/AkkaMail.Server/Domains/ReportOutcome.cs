using System.Collections.Immutable;
using AkkaMail.Core.DomainReports;

namespace AkkaMail.Server.Domains;

/// <summary>Where a report comes from; <paramref name="Verified"/>: the domain known to have mailed it.</summary>
internal sealed record ReportOrigin(string Text, string? Verified)
{
    public static ReportOrigin Upload(string key) => new($"upload {key}", null);

    public static ReportOrigin Mail(string domain) => new($"mail {domain}", domain);
}

/// <summary>What a report says, without its rows. <paramref name="Count"/> is of mails, or of sessions.</summary>
internal sealed record ReportSummary(
    ReportKind Kind, string Domain, string Reporter, string ReportId, DateTimeOffset Begin, DateTimeOffset End,
    int Sources, long Count);

/// <summary>What became of a report.</summary>
internal abstract record ReportOutcome;

internal sealed record ReportTaken(ReportSummary Report) : ReportOutcome;

/// <summary>It has been taken before, and has changed nothing.</summary>
internal sealed record ReportRepeated(ReportSummary Report) : ReportOutcome;

/// <summary>It will never be taken; <paramref name="Reason"/> is for who sent it.</summary>
internal sealed record ReportRefused(ReportFault Fault, string Reason) : ReportOutcome;

/// <summary>Nothing is known of it yet: the same may be sent again later.</summary>
internal sealed record ReportPutOff(string Reason) : ReportOutcome;

internal enum ReportFault
{
    /// <summary>It is no report, or over a bound.</summary>
    Unreadable,

    /// <summary>Its domain is not one of the tenant's.</summary>
    UnknownDomain,

    /// <summary>It is of a day that is not kept.</summary>
    OutOfTime,

    /// <summary>The domain has had more reports of that day than there are reporters.</summary>
    TooMany,

    /// <summary>Nobody knows who sent it.</summary>
    Unverified,
}

/// <summary>What became of a mail's reports; there is at least one outcome.</summary>
internal sealed record ReportMailOutcome(ImmutableArray<ReportOutcome> Reports)
{
    public static ReportMailOutcome Refused(ReportFault fault, string reason) =>
        new([new ReportRefused(fault, reason)]);

    /// <summary>Worth a 451: those that were taken will be repeats when it comes again.</summary>
    public ReportPutOff? PutOff => Reports.OfType<ReportPutOff>().FirstOrDefault();

    /// <summary>Worth a 550, with its reason: no report of the mail was taken, and none ever will be.</summary>
    public ReportRefused? Refusal =>
        Reports.All(r => r is ReportRefused) ? Reports.OfType<ReportRefused>().First() : null;
}
