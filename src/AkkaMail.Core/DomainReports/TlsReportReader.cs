using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaMail.Core.DomainReports;

/// <summary>Reads a TLS report (RFC 8460 §4.4), plain or gz.</summary>
public static class TlsReportReader
{
    /// <summary>Characters of one value; longer ones are cut.</summary>
    private const int ValueMax = 512;

    private static readonly JsonSerializerOptions Options = new()
    {
        MaxDepth = 16,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
    };

    public static ReportReading<TlsReport> Read(Stream file, ReportBounds? bounds = null)
    {
        bounds ??= ReportBounds.Default;
        try
        {
            return new ReportRead<TlsReport>(ReportFile.Read(file, bounds, ".json", content =>
                From(JsonSerializer.Deserialize<Wire>(content, Options), bounds)));
        }
        catch (ReportException e) { return new ReportUnreadable<TlsReport>(e.Message); }
        catch (JsonException) { return new ReportUnreadable<TlsReport>("It is no TLS report in JSON."); }
        catch (InvalidDataException) { return new ReportUnreadable<TlsReport>("It cannot be unpacked."); }
    }

    private static TlsReport From(Wire? wire, ReportBounds bounds)
    {
        if (wire is not { DateRange: { } range, Policies: { } policies })
            throw new ReportException("It is no TLS report.");
        if (policies.Exists(p => p is null || p.FailureDetails?.Exists(f => f is null) == true))
            throw new ReportException("It is no TLS report.");
        if (policies.Count + policies.Sum(p => (long)(p.FailureDetails?.Count ?? 0)) > bounds.RecordsMax)
            throw new ReportException($"It has over {bounds.RecordsMax} records.");
        return new(Cut(wire.OrganizationName), Cut(wire.ReportId), range.StartDatetime, range.EndDatetime,
            [.. policies.Select(p => new TlsPolicyRow(Cut(p.Policy?.PolicyType), Cut(p.Policy?.PolicyDomain),
                Count(p.Summary?.TotalSuccessfulSessionCount), Count(p.Summary?.TotalFailureSessionCount),
                [.. (p.FailureDetails ?? []).Select(f => new TlsFailureRow(Cut(f.ResultType), Cut(f.SendingMtaIp),
                    Cut(f.ReceivingMxHostname), Count(f.FailedSessionCount), Cut(f.FailureReasonCode)))]))]);
    }

    private static long Count(long? count) =>
        (count ?? 0) is >= 0 and <= uint.MaxValue and var n ? n : throw new ReportException("A count is out of range.");

    private static string Cut(string? value) =>
        value is null ? "" : value.Length > ValueMax ? value[..ValueMax] : value;

    private sealed record Wire(
        string? OrganizationName, string? ReportId, WireRange? DateRange, List<WirePolicy>? Policies);
    private sealed record WireRange(DateTimeOffset StartDatetime, DateTimeOffset EndDatetime);
    private sealed record WirePolicy(WireName? Policy, WireSummary? Summary, List<WireFailure>? FailureDetails);
    private sealed record WireName(string? PolicyType, string? PolicyDomain);
    private sealed record WireSummary(long? TotalSuccessfulSessionCount, long? TotalFailureSessionCount);
    private sealed record WireFailure(
        string? ResultType, string? SendingMtaIp, string? ReceivingMxHostname, long? FailedSessionCount,
        string? FailureReasonCode);
}
