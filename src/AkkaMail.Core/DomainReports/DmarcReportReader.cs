using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Xml;

namespace AkkaMail.Core.DomainReports;

/// <summary>
/// Reads an aggregate report (RFC 7489 appendix C), row by row. Reporters take liberties with namespaces, order and
/// optional elements; what counts has to be there.
/// </summary>
public static class DmarcReportReader
{
    /// <summary>Characters of one value; longer ones are cut.</summary>
    private const int ValueMax = 512;

    public static ReportReading<DmarcReport> Read(Stream file, ReportBounds? bounds = null)
    {
        bounds ??= ReportBounds.Default;
        try
        {
            return new ReportRead<DmarcReport>(
                ReportFile.Read(file, bounds, ".xml", content => Parse(content, bounds)));
        }
        catch (ReportException e) { return new ReportUnreadable<DmarcReport>(e.Message); }
        catch (XmlException e)
        {
            return new ReportUnreadable<DmarcReport>(e.Message.Contains("DTD", StringComparison.Ordinal)
                ? "It has a document type, which a report has not." : $"It is no XML (line {e.LineNumber}).");
        }
        catch (InvalidDataException) { return new ReportUnreadable<DmarcReport>("It cannot be unpacked."); }
    }

    private static DmarcReport Parse(Stream content, ReportBounds bounds)
    {
        using var xml = new ReportXml(content);
        while (!xml.IsElement)
            if (!xml.Read()) throw new ReportException("It is no DMARC aggregate report.");
        if (xml.LocalName != "feedback") throw new ReportException("It is no DMARC aggregate report.");
        Values metadata = new(), policy = new();
        var rows = ImmutableArray.CreateBuilder<DmarcRow>();
        foreach (var name in Children(xml))
            switch (name)
            {
                case "report_metadata": metadata.Add(xml); break;
                case "policy_published": policy.Add(xml); break;
                case "record":
                    if (rows.Count == bounds.RecordsMax)
                        throw new ReportException($"It has more than {bounds.RecordsMax} records.");
                    rows.Add(Row(xml));
                    break;
                default: break;
            }
        return new(metadata["org_name"], metadata["report_id"], policy["domain"].TrimEnd('.').ToLowerInvariant(),
            policy["p"],
            Time(metadata["begin"]), Time(metadata["end"]), rows.ToImmutable());
    }

    private static DmarcRow Row(ReportXml xml)
    {
        Values row = new(), identifiers = new();
        var dkim = ImmutableArray.CreateBuilder<DmarcAuthResult>();
        DmarcAuthResult? spf = null;
        foreach (var name in Children(xml))
            switch (name)
            {
                case "row": row.Add(xml); break;
                case "identifiers": identifiers.Add(xml); break;
                case "auth_results":
                    foreach (var method in Children(xml))
                    {
                        var values = new Values();
                        values.Add(xml);
                        var result = new DmarcAuthResult(values["domain"], values["selector"], values["result"]);
                        if (method == "dkim" && dkim.Count < 10) dkim.Add(result);
                        else if (method == "spf") spf ??= result;
                    }
                    break;
                default: break;
            }
        if (!IPAddress.TryParse(row["source_ip"], out var ip)) throw new ReportException("A record has no source_ip.");
        if (!long.TryParse(row["count"], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > uint.MaxValue)
            throw new ReportException("A record has no count.");
        return new(ip.ToString(), count, row["disposition"], row["dkim"] == "pass", row["spf"] == "pass",
            identifiers["header_from"], dkim.ToImmutable(), spf);
    }

    private static DateTimeOffset Time(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var s) && s < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(s) : throw new ReportException("Its date_range cannot be read.");

    /// <summary>The child elements of this one; each may be read to its end before the next.</summary>
    private static IEnumerable<string> Children(ReportXml xml)
    {
        if (xml.IsEmptyElement) yield break;
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
            if (xml.IsElement && xml.Depth == depth + 1) yield return xml.LocalName;
    }

    /// <summary>The texts of all elements below one, by name; the first of a name counts.</summary>
    private sealed class Values
    {
        private readonly Dictionary<string, string> _values = [];

        public string this[string name] => _values.GetValueOrDefault(name, "");

        public void Add(ReportXml xml)
        {
            if (xml.IsEmptyElement) return;
            var (depth, name) = (xml.Depth, "");
            while (xml.Read() && xml.Depth > depth)
                if (xml.IsElement) name = xml.LocalName;
                else if (xml.IsText && !_values.ContainsKey(name))
                    _values.Add(name, xml.Value.Length > ValueMax ? xml.Value[..ValueMax] : xml.Value.Trim());
        }
    }
}
