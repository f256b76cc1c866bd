using System.Collections.Immutable;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Inbound;
using AkkaMail.Storage.DomainReports;

namespace AkkaMail.Server.Domains;

/// <summary>
/// Takes in what receivers report of our domains (DMARC, RFC 7489 §7.2; TLS, RFC 8460), by upload or mail. Every
/// outcome is a value; only a store that does not answer an upload is an exception.
/// </summary>
/// <param name="domains">Null until they have been read.</param>
internal sealed class DomainReports(ReportStore store, Func<DomainRegister?> domains, TimeProvider time) : IDisposable
{
    /// <summary>Reports read at once: each can be 50 MB of XML, and nobody is in a hurry.</summary>
    private const int ReadAtOnce = 2;

    private static readonly TimeSpan PlaceWait = TimeSpan.FromSeconds(10);

    /// <summary>A reporter's clock, and its day, may be ahead of ours.</summary>
    private const int DaysAhead = 1;

    private readonly SemaphoreSlim _places = new(ReadAtOnce);

    /// <param name="tenant">Whose domains count; null: everybody's.</param>
    /// <param name="mailDomain">Whose report it is, as the mail around it says.</param>
    public async Task<ReportOutcome> TakeAsync(
        ReportKind kind, ReadOnlyMemory<byte> file, ReportOrigin origin, string? tenant, CancellationToken cancel,
        string? mailDomain = null)
    {
        if (domains() is not { } known) return new ReportPutOff("The domains have not been read yet.");
        if (!await _places.WaitAsync(PlaceWait, cancel)) return new ReportPutOff("Too many reports come at once.");
        try
        {
            using var stream = new MemoryStream(file.ToArray(), writable: false);
            return kind == ReportKind.Dmarc
                ? DmarcReportReader.Read(stream) switch
                {
                    ReportRead<DmarcReport>(var report) => await Take(report, origin, tenant, known, cancel),
                    ReportUnreadable<DmarcReport>(var reason) => new ReportRefused(ReportFault.Unreadable, reason),
                    var other => throw new System.Diagnostics.UnreachableException($"{other}"),
                }
                : TlsReportReader.Read(stream, domain: mailDomain) switch
                {
                    ReportRead<TlsReport>(var report) => await Take(report, origin, tenant, known, cancel),
                    ReportUnreadable<TlsReport>(var reason) => new ReportRefused(ReportFault.Unreadable, reason),
                    var other => throw new System.Diagnostics.UnreachableException($"{other}"),
                };
        }
        finally { _places.Release(); }
    }

    /// <summary>A mail that somebody with a key uploads: the key vouches for it.</summary>
    public async Task<ReportMailOutcome> TakeUploadedMailAsync(
        ReportKind kind, ReadOnlyMemory<byte> mail, ReportOrigin origin, string? tenant, CancellationToken cancel)
    {
        var read = ReportMailReader.Read(mail);
        if (read.Problem is { } problem) return ReportMailOutcome.Refused(ReportFault.Unreadable, problem);
        var outcomes = ImmutableArray.CreateBuilder<ReportOutcome>();
        foreach (var report in read.Reports)
            outcomes.Add(report.Kind == kind ? await TakeAsync(kind, report.File, origin, tenant, cancel, read.Domain)
                : new ReportRefused(ReportFault.Unreadable, $"{report.Name} is a report of another kind."));
        return new(outcomes.ToImmutable());
    }

    /// <summary>
    /// A mail as it came to the address of reports, with what is known of its sender. The reports in it may be of any
    /// tenant's domains, and of either kind.
    /// </summary>
    public async Task<ReportMailOutcome> TakeMailAsync(
        ReadOnlyMemory<byte> mail, InboundVerdict verdict, CancellationToken cancel)
    {
        var read = ReportMailReader.Read(mail);
        if (read.Problem is { } problem) return ReportMailOutcome.Refused(ReportFault.Unreadable, problem);
        var from = verdict.Dmarc.FromDomain;
        var outcomes = ImmutableArray.CreateBuilder<ReportOutcome>();
        foreach (var report in read.Reports)
            outcomes.Add(ReportSender.Check(report.Kind, read, verdict) switch
            {
                SenderProof.Verified => await TakeOrPutOff(report, read.Domain, ReportOrigin.Mail(from), cancel),
                SenderProof.Unknown => new ReportPutOff($"DNS does not say now whether {from} sent it."),
                _ => new ReportRefused(ReportFault.Unverified, report.Kind == ReportKind.Tls
                    ? "A TLS report needs a DKIM signature of its From domain (RFC 8460, 3)."
                    : "Neither DKIM nor SPF shows that its From domain sent it."),
            });
        return new(outcomes.ToImmutable());
    }

    private async Task<ReportOutcome> TakeOrPutOff(
        AttachedReport report, string? domain, ReportOrigin origin, CancellationToken cancel)
    {
        try { return await TakeAsync(report.Kind, report.File, origin, tenant: null, cancel, domain); }
        catch (StoreException e) { return new ReportPutOff(e.Message); }
    }

    private async Task<ReportOutcome> Take(
        DmarcReport report, ReportOrigin origin, string? tenant, DomainRegister known, CancellationToken cancel)
    {
        var sources = report.PerSourceAndDay();
        var summary = new ReportSummary(ReportKind.Dmarc, report.Domain, origin.Verified ?? report.Reporter,
            report.ReportId, report.Begin, report.End, sources.Length, sources.Sum(s => s.Mails));
        if (Refuse(summary) is { } refused) return refused;
        return known.Covering(report.Domain, tenant) is { } owner
            ? Outcome(summary,
                [await store.Add(File(summary, owner, report.Domain, report.Reporter, origin), sources, cancel)])
            : Unknown(report.Domain);
    }

    /// <summary>It can have policies of several domains; with one that is nobody's it is refused as a whole.</summary>
    private async Task<ReportOutcome> Take(
        TlsReport report, ReportOrigin origin, string? tenant, DomainRegister known, CancellationToken cancel)
    {
        var tallies = report.PerHost();
        var names = report.Policies.Select(p => p.Domain.TrimEnd('.').ToLowerInvariant()).Distinct().ToList();
        var summary = new ReportSummary(ReportKind.Tls, string.Join(' ', names.Take(SourceFigures.NamesMax)),
            origin.Verified ?? report.Reporter, report.ReportId, report.Begin, report.End, tallies.Length,
            tallies.Sum(t => t.Sessions));
        if (names.Count == 0) return new ReportRefused(ReportFault.Unreadable, "It has no policies.");
        if (Refuse(summary) is { } refused) return refused;
        var owners = names.ToDictionary(n => n, n => known.Covering(n, tenant));
        if (owners.FirstOrDefault(o => o.Value is null) is { Key: { } stranger }) return Unknown(stranger);
        var filed = new List<Filing>();
        foreach (var owner in owners.Values.DistinctBy(o => o!.Name))
            filed.Add(await store.Add(File(summary, owner!, owner!.Name, report.Reporter, origin),
                [.. tallies.Where(t => owners[t.PolicyDomain]!.Name == owner.Name)], cancel));
        return Outcome(summary, filed);
    }

    private FiledReport File(
        ReportSummary report, RegisteredDomain owner, string about, string claimed, ReportOrigin origin) =>
        new(report.Kind, owner.Tenant, owner.Name, about, claimed, report.ReportId, DayOf(report.Begin),
            report.Reporter, origin.Text, time.GetUtcNow());

    private ReportRefused? Refuse(ReportSummary report)
    {
        // Without one a repeat could not be told from the next day's.
        if (report.ReportId.Length == 0) return new(ReportFault.Unreadable, "It has no report id.");
        if (report.Reporter.Length == 0) return new(ReportFault.Unreadable, "It does not say who reports.");
        var today = DayOf(time.GetUtcNow());
        var day = DayOf(report.Begin);
        if (day > today.AddDays(DaysAhead)) return new(ReportFault.OutOfTime, $"It is of {day:O}, which is to come.");
        return day < today.AddDays(-RetentionOptions.FiguresKeptDays)
            ? new(ReportFault.OutOfTime, $"It is of {day:O}; {RetentionOptions.FiguresKeptDays} days are kept.") : null;
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static ReportRefused Unknown(string domain) =>
        new(ReportFault.UnknownDomain, $"It is of '{domain}', which is neither a domain of yours nor below one.");

    private static ReportOutcome Outcome(ReportSummary report, IReadOnlyCollection<Filing> filed) =>
        filed.Contains(Filing.New) ? new ReportTaken(report)
        : filed.Contains(Filing.Repeat) ? new ReportRepeated(report)
        : new ReportRefused(ReportFault.TooMany, "There have been too many reports of this domain and day.");

    public void Dispose() => _places.Dispose();
}
