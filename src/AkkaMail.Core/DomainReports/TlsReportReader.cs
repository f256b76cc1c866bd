using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.DomainReports;

/// <summary>Reads a TLS report (RFC 8460 §4.4), plain or gz.</summary>
public static class TlsReportReader
{
    /// <summary>Characters of one value; longer ones are cut.</summary>
    private const int ValueMax = 512;

    /// <summary>Objects and arrays of one record; ten values each.</summary>
    private const int OfRecordMax = 6;

    private static readonly JsonSerializerOptions Options = new()
    {
        MaxDepth = 16,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
    };

    /// <param name="domain">
    /// Of the mail the report came in (TLS-Report-Domain, RFC 8460 §5.3): stands for a policy-domain that is missing.
    /// </param>
    public static ReportReading<TlsReport> Read(Stream file, ReportBounds? bounds = null, string? domain = null)
    {
        bounds ??= ReportBounds.Default;
        try
        {
            return new ReportRead<TlsReport>(ReportFile.Read(file, bounds, ".json", content =>
                From(JsonSerializer.Deserialize<Wire>(Text(content, bounds), Options), bounds, domain)));
        }
        catch (ReportException e) { return new ReportUnreadable<TlsReport>(e.Message); }
        catch (JsonException) { return new ReportUnreadable<TlsReport>("It is no TLS report in JSON."); }
        catch (InvalidDataException) { return new ReportUnreadable<TlsReport>("It cannot be unpacked."); }
    }

    /// <summary>
    /// The file as UTF-8, in which octets that are none are replaced. What it would become is counted before it does:
    /// an object of two octets is one of forty in memory.
    /// </summary>
    private static ReadOnlySpan<byte> Text(Stream content, ReportBounds bounds)
    {
        var head = new byte[4];
        var count = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var (encoding, mark) = head.AsSpan(0, count) switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            [not 0, 0, not 0, 0] => (Encoding.Unicode, 0),
            [0, not 0, 0, not 0] => (Encoding.BigEndianUnicode, 0),
            _ => (Encoding.UTF8, 0),
        };
        using var all = new BoundedStream(content, long.MaxValue, "", head.AsMemory(mark, count - mark));
        using var text = Encoding.CreateTranscodingStream(all, encoding, Encoding.UTF8);
        using var buffer = new MemoryStream();
        text.CopyTo(buffer);
        var json = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        var reader = new Utf8JsonReader(json, new() { MaxDepth = Options.MaxDepth });
        for (var (objects, values) = (0L, 0L); reader.Read();)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) objects++;
            else values++;
            if (objects > OfRecordMax * (long)bounds.RecordsMax || values > 10L * OfRecordMax * bounds.RecordsMax)
                throw new ReportException($"It has more than {bounds.RecordsMax} records.");
        }
        return json;
    }

    private static TlsReport From(Wire? wire, ReportBounds bounds, string? domain)
    {
        if (wire is not { DateRange: { } range, Policies: { } policies })
            throw new ReportException("It is no TLS report.");
        if (policies.Exists(p => p is null || p.FailureDetails?.Exists(f => f is null) == true))
            throw new ReportException("It is no TLS report.");
        if (policies.Count + policies.Sum(p => (long)(p.FailureDetails?.Count ?? 0)) > bounds.RecordsMax)
            throw new ReportException($"It has more than {bounds.RecordsMax} records.");
        string DomainOf(WirePolicy p) => p.Policy?.PolicyDomain is { } of && !string.IsNullOrWhiteSpace(of) ? Cut(of) : Cut(domain);

        var report = new TlsReport(
            Cut(wire.OrganizationName), Cut(wire.ReportId), range.StartDatetime, range.EndDatetime,
            [.. policies.Select(p => new TlsPolicyRow(Cut(p.Policy?.PolicyType), DomainOf(p),
                Count(p.Summary?.TotalSuccessfulSessionCount), Count(p.Summary?.TotalFailureSessionCount),
                [.. (p.FailureDetails ?? []).Select(f => new TlsFailureRow(Cut(f.ResultType), Cut(f.SendingMtaIp),
                    Cut(f.ReceivingMxHostname), Count(f.FailedSessionCount), Cut(f.FailureReasonCode)))]))]);
        return report.Policies.All(p => p.Domain.Length > 0) ? report
            : throw new ReportException("A policy of it has no policy-domain, so nobody knows whose it is.");
    }

    private static long Count(long? count) =>
        (count ?? 0) is >= 0 and <= uint.MaxValue and var n ? n : throw new ReportException("A count is out of range.");

    private static string Cut(string? value) =>
        value is null ? "" : value.Length > ValueMax ? value[..ValueMax] : value;

    private sealed record Wire(
        string? OrganizationName, string? ReportId, WireRange? DateRange, List<WirePolicy>? Policies);
    private sealed record WireRange(
        [property: JsonConverter(typeof(WireTime))] DateTimeOffset StartDatetime,
        [property: JsonConverter(typeof(WireTime))] DateTimeOffset EndDatetime);

    private sealed class WireTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Rfc3339.TryParse(reader.GetString(), out var time) ? time
                : throw new JsonException("no time");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            throw new NotSupportedException("reports are only read");
    }

    private sealed record WirePolicy(WireName? Policy, WireSummary? Summary, List<WireFailure>? FailureDetails);
    private sealed record WireName(string? PolicyType, string? PolicyDomain);
    private sealed record WireSummary(long? TotalSuccessfulSessionCount, long? TotalFailureSessionCount);
    private sealed record WireFailure(
        string? ResultType, string? SendingMtaIp, string? ReceivingMxHostname, long? FailedSessionCount,
        string? FailureReasonCode);
}
