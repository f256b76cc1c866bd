using System.Collections.Immutable;

namespace AkkaMail.Core.Domains;

/// <summary>What an installation has to say in its domains' records; hosts in A-labels.</summary>
/// <param name="SpfTerms">SPF mechanisms that stand for our sources: <c>ip4:192.0.2.7</c>, <c>include:…</c>.</param>
/// <param name="ReturnPathMx">The host that takes bounces.</param>
/// <param name="TrackingTarget">The host that answers tracking links.</param>
/// <param name="DmarcReports">Where DMARC aggregate reports go; null: the sender arranges that.</param>
public sealed record InstallationFacts(
    ImmutableArray<string> SpfTerms, string ReturnPathMx, string TrackingTarget, string? DmarcReports = null)
{
    /// <summary>Where reports on TLS towards the return path go (RFC 8460); null: none are asked for.</summary>
    public string? TlsReports { get; init; }

    /// <summary>Id and host of an MTA-STS policy for the return path (RFC 8461 §3.1); null: none.</summary>
    public (string Id, string Host)? MtaSts { get; init; }
}

/// <summary>The records a sending domain needs, exactly as they are to be published.</summary>
public static class DnsRecords
{
    public static ImmutableArray<DnsRecord> For(SendingDomain domain, InstallationFacts facts)
    {
        var records = ImmutableArray.CreateBuilder<DnsRecord>();
        foreach (var key in domain.Keys.Where(k => k.State != KeyState.Retired))
            records.Add(new(RecordPurpose.Dkim, $"{key.Selector}._domainkey.{domain.Name}", RecordType.Txt,
                key.RecordValue, IsRequired: key.State == KeyState.Active || IsFirst(domain, key)));
        // "~all": a forwarded mail fails SPF, and "-all" lets some receivers refuse it before they see its signature.
        records.Add(new(RecordPurpose.Spf, domain.ReturnPathHost, RecordType.Txt,
            SpfRecord.Of(facts.SpfTerms), IsRequired: true));
        records.Add(new(RecordPurpose.ReturnPath, domain.ReturnPathHost, RecordType.Mx, $"10 {facts.ReturnPathMx}",
            IsRequired: true));
        var reports = facts.DmarcReports is { } rua ? $"; rua=mailto:{rua}" : "";
        // Gmail and Yahoo ask for a policy, and "none" is one; to begin with a stricter one would lose others' mail.
        records.Add(new(RecordPurpose.Dmarc, $"_dmarc.{domain.Name}", RecordType.Txt, $"v=DMARC1; p=none{reports}",
            IsRequired: true));
        records.Add(new(RecordPurpose.Tracking, domain.TrackingHost, RecordType.Cname, facts.TrackingTarget,
            IsRequired: false));
        if (facts.MtaSts is { } sts)
        {
            records.Add(new(RecordPurpose.MtaSts, $"_mta-sts.{domain.ReturnPathHost}", RecordType.Txt,
                $"v=STSv1; id={sts.Id};", IsRequired: false));
            records.Add(new(RecordPurpose.MtaSts, $"mta-sts.{domain.ReturnPathHost}", RecordType.Cname, sts.Host,
                IsRequired: false));
        }
        if (facts.TlsReports is { } tls)
            records.Add(new(RecordPurpose.TlsReporting, $"_smtp._tls.{domain.ReturnPathHost}", RecordType.Txt,
                $"v=TLSRPTv1; rua=mailto:{tls}", IsRequired: false));
        return records.ToImmutable();
    }

    /// <summary>All of them as a snippet to paste into a zone file.</summary>
    public static string ZoneFile(IEnumerable<DnsRecord> records) =>
        string.Concat(records.Select(r => $"{r.ZoneLine}\n"));

    /// <summary>
    /// A domain cannot begin without the first of each algorithm; a standby may follow. One that retires is missed by
    /// mail on its way, but its absence is no reason to stop what is signed with the next.
    /// </summary>
    private static bool IsFirst(SendingDomain domain, DomainKey key) =>
        key.State == KeyState.Pending && domain.Keys.First(k => k.Algorithm == key.Algorithm) == key;
}
