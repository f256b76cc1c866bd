namespace AkkaMail.Core.DomainReports;

/// <summary>What a file is by its first octets, whatever it is called.</summary>
public enum ReportForm
{
    Other,
    Gzip,
    Zip,
    Xml,
    Json,
}

public static class ReportForms
{
    /// <summary>Octets that may stand before the first of a text.</summary>
    private const int BlanksMax = 64;

    /// <summary>Of byte order marks, blanks, ends of lines and UTF-16.</summary>
    private static ReadOnlySpan<byte> Blanks =>
        [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n'];

    public static ReportForm Of(ReadOnlySpan<byte> file) => file switch
    {
        [0x1f, 0x8b, ..] => ReportForm.Gzip,
        [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => ReportForm.Zip,
        _ => file[..Math.Min(file.Length, BlanksMax)].TrimStart(Blanks) switch
        {
            [(byte)'{', ..] => ReportForm.Json,
            [(byte)'<', (byte)'?' or (byte)'f' or 0, ..] => ReportForm.Xml,
            _ => ReportForm.Other,
        },
    };
}
