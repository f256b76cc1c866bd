using System.Collections.Immutable;

namespace AkkaMail.Core.DomainReports;

/// <summary>
/// A receiver's count of mail that said it was a domain's (RFC 7489 §7.2), for <paramref name="Begin"/> to
/// <paramref name="End"/>, mostly a UTC day.
/// </summary>
public sealed record DmarcReport(
    string Reporter, string ReportId, string Domain, string Policy, DateTimeOffset Begin, DateTimeOffset End,
    ImmutableArray<DmarcRow> Rows)
{
    /// <summary>Its rows by source and day, as a table shows them. A report counts for the day it began.</summary>
    public ImmutableArray<DmarcDay> PerSourceAndDay() =>
        [.. Rows.GroupBy(r => r.SourceIp).Select(g => new DmarcDay(
            DateOnly.FromDateTime(Begin.UtcDateTime), g.Key, g.Sum(r => r.Count),
            g.Where(r => r.DkimAligned).Sum(r => r.Count), g.Where(r => r.SpfAligned).Sum(r => r.Count),
            g.Where(r => r.DkimAligned || r.SpfAligned).Sum(r => r.Count),
            g.Where(r => r.Disposition == "quarantine").Sum(r => r.Count),
            g.Where(r => r.Disposition == "reject").Sum(r => r.Count))
        {
            AuthenticatedAs = string.Join(' ', g.SelectMany(r => r.Authenticated).Distinct().Take(DmarcDay.NamesMax)),
        })];
}

/// <summary>Mails of one kind from one address.</summary>
/// <param name="Disposition"><c>none</c>, <c>quarantine</c> or <c>reject</c>: what was done with them.</param>
/// <param name="DkimAligned">DMARC's verdict, not DKIM's: passed and in the From domain's organization.</param>
/// <param name="Dkim">What the signatures said: domain, selector, result.</param>
public sealed record DmarcRow(
    string SourceIp, long Count, string Disposition, bool DkimAligned, bool SpfAligned, string HeaderFrom,
    ImmutableArray<DmarcAuthResult> Dkim, DmarcAuthResult? Spf)
{
    /// <summary>
    /// The domains that vouched for it, whether or not they are the From domain's: a service that sends for somebody
    /// without being set up for it is known by its own name here.
    /// </summary>
    public IEnumerable<string> Authenticated => (Spf is { } spf ? Dkim.Add(spf) : Dkim)
        .Where(a => a.Result == "pass" && a.Domain.Length > 0 && !a.Domain.Contains(' ', StringComparison.Ordinal))
        .Select(a => a.Domain.ToLowerInvariant());
}

/// <summary><paramref name="Selector"/> is empty for SPF, and where a reporter leaves it out.</summary>
public sealed record DmarcAuthResult(string Domain, string Selector, string Result);

/// <summary>One source on one day.</summary>
public sealed record DmarcDay(
    DateOnly Day, string SourceIp, long Mails, long DkimAligned, long SpfAligned, long Passed, long Quarantined,
    long Rejected)
{
    public const int NamesMax = 5;

    /// <summary>Up to <see cref="NamesMax"/> domains that vouched for its mail, separated by spaces.</summary>
    public string AuthenticatedAs { get; init; } = "";
}
