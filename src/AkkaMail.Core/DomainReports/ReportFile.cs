using System.IO.Compression;

namespace AkkaMail.Core.DomainReports;

/// <summary>
/// Unpacks a report: plain, gz, or a zip with one file in it, told by their first octets, since names and types of
/// attachments are often wrong. Never more than one layer.
/// </summary>
internal static class ReportFile
{
    /// <summary>Entries a zip may have; what is not a report is left alone.</summary>
    private const int EntriesMax = 10;

    public static T Read<T>(Stream file, ReportBounds bounds, string extension, Func<Stream, T> parse)
    {
        using var packed = new MemoryStream();
        using (var limited = new BoundedStream(file, bounds.CompressedMax, "The file is over"))
            limited.CopyTo(packed);
        packed.Position = 0;
        var most = Math.Min(bounds.UnpackedMax, Math.Max(1024 * 1024, packed.Length * bounds.RatioMax));
        switch (ReportForms.Of(packed.GetBuffer().AsSpan(0, (int)packed.Length)))
        {
            case ReportForm.Gzip:
                using (var gz = new GZipStream(packed, CompressionMode.Decompress))
                    return Parse(gz, most, parse);
            case ReportForm.Zip:
                using (var zip = new ZipArchive(packed, ZipArchiveMode.Read))
                using (var entry = Only(zip, extension).Open())
                    return Parse(entry, most, parse);
            default: return Parse(packed, bounds.UnpackedMax, parse);
        }
    }

    private static T Parse<T>(Stream content, long most, Func<Stream, T> parse)
    {
        var head = new byte[4];
        var count = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (ReportForms.Of(head.AsSpan(0, count)) is ReportForm.Zip
            || (content is not MemoryStream && ReportForms.Of(head.AsSpan(0, count)) is ReportForm.Gzip))
            throw new ReportException("It is packed more than once.");
        using var bounded = new BoundedStream(content, most, "Unpacked it is over", head.AsMemory(0, count));
        return parse(bounded);
    }

    /// <summary>No folder, and nothing that macOS puts beside a file of the same name.</summary>
    private static bool IsFile(ZipArchiveEntry entry) => entry.Name.Length > 0
        && !entry.Name.StartsWith("._", StringComparison.Ordinal)
        && !entry.FullName.StartsWith("__MACOSX/", StringComparison.OrdinalIgnoreCase);

    private static ZipArchiveEntry Only(ZipArchive zip, string extension)
    {
        if (zip.Entries.Count > EntriesMax) throw new ReportException($"The zip has more than {EntriesMax} files.");
        var reports = zip.Entries.Where(IsFile).ToList();
        if (reports.Count > 1)
            reports = reports.FindAll(e => e.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
        return reports.Count == 1 ? reports[0]
            : throw new ReportException($"The zip has {reports.Count} reports and not one.");
    }
}
