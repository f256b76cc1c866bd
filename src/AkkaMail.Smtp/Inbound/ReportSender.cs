using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Authentication;

namespace AkkaMail.Smtp.Inbound;

/// <summary>Whether it is known who sent a report.</summary>
public enum SenderProof
{
    Verified,
    Unverified,

    /// <summary>A name server was silent: ask again later.</summary>
    Unknown,
}

/// <summary>
/// Who stands behind a report that came by mail: the From domain, by a signature or, for DMARC, by SPF. Whether that
/// domain has a DMARC policy of its own does not matter.
/// </summary>
public static class ReportSender
{
    public static SenderProof Check(ReportKind kind, AttachedReports mail, InboundVerdict verdict)
    {
        var from = verdict.Dmarc.FromDomain;
        if (from.Length == 0) return SenderProof.Unverified;   // No From, or more than one.
        // RFC 8460 §3: the signature must not have l=; what holds for TLS reports does no harm to the others.
        var signed = mail.SignsPart ? [] : verdict.Dkim.Where(d => IsAligned(from, d.Domain)).ToList();
        if (signed.Exists(d => d.Result == DkimResult.Pass)) return SenderProof.Verified;
        var isUnknown = signed.Exists(d => d.Result == DkimResult.TempError);
        // RFC 8460 §3: a TLS report without a valid signature of its reporter must be ignored.
        if (kind == ReportKind.Dmarc && IsAligned(from, verdict.Spf.Domain))
        {
            if (verdict.Spf.Result == SpfResult.Pass) return SenderProof.Verified;
            isUnknown |= verdict.Spf.Result == SpfResult.TempError;
        }
        return isUnknown ? SenderProof.Unknown : SenderProof.Unverified;
    }

    private static bool IsAligned(string from, string domain) =>
        domain.Length > 0 && OrganizationalDomain.IsAligned(from, domain, strict: false);
}
