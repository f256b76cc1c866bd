using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;

namespace AkkaMail.Server.Hygiene;

/// <summary>A line of a list that ends it: it cannot be read, or is one too many.</summary>
internal sealed class AddressListException(long line, string message) : Exception(message)
{
    public long Line => line;
}

/// <summary>
/// A list of addresses, one a line: as CSV the column <c>address</c> or <c>email</c>, else the first; as plain text the
/// whole line. Empty lines are skipped, and a heading is none.
/// </summary>
internal static class AddressList
{
    public const int AddressesMax = 100_000;

    /// <summary>Characters of a cell: far more than an address, enough for the notes beside it.</summary>
    private const int CellMax = 10_000;

    /// <summary>In no list: plain text has one column.</summary>
    private const string NoDelimiter = "\u001f";

    private static readonly string[] Headings = ["address", "email"];

    public static async IAsyncEnumerable<(long Line, string Address)> Read(
        FileStream list, bool isPlain, [EnumeratorCancellation] CancellationToken cancel)
    {
        var delimiter = isPlain ? NoDelimiter : await DelimiterOf(list, cancel);
        using var text = new StreamReader(list, leaveOpen: true);
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            HasHeaderRecord = false,
            TrimOptions = TrimOptions.Trim,
            BadDataFound = null,
            Delimiter = delimiter,
            Mode = isPlain ? CsvMode.NoEscape : CsvMode.RFC4180,
            MaxFieldSize = CellMax,
        });
        int? column = null;
        for (var count = 0; await Next(csv);)
        {
            cancel.ThrowIfCancellationRequested();
            if (column is null)
            {
                column = ColumnOf(csv.Parser.Record!, out var isHeading);
                if (isHeading) continue;
            }
            var address = (column < csv.Parser.Count ? csv[column.Value]! : "").Trim('\uFEFF', ' ', '\t');
            if (address.Length == 0) continue;
            if (++count > AddressesMax)
                throw new AddressListException(csv.Parser.RawRow,
                    $"A list may have {AddressesMax} addresses: this is one more. Send the rest as another list.");
            yield return (csv.Parser.RawRow, address);
        }
    }

    private static async Task<bool> Next(CsvReader csv)
    {
        try { return await csv.ReadAsync(); }
        catch (CsvHelperException)
        {
            throw new AddressListException(
                csv.Parser.RawRow, $"The line cannot be read: a cell has over {CellMax} characters");
        }
    }

    /// <summary>Spreadsheets of half of Europe write semicolons.</summary>
    private static async Task<string> DelimiterOf(FileStream list, CancellationToken cancel)
    {
        var head = new byte[4096];
        var length = await list.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        list.Position = 0;
        var line = head.AsSpan(0, length);
        if (line.IndexOf((byte)'\n') is >= 0 and var end) line = line[..end];
        return line.Contains((byte)',') ? "," : line.Contains((byte)';') ? ";" : line.Contains((byte)'\t') ? "\t" : ",";
    }

    /// <summary>A first line without any address is a heading, if it names a column of ours or has several.</summary>
    private static int ColumnOf(string[] cells, out bool isHeading)
    {
        var names = cells.Select(c => c.Trim('\uFEFF', ' ').ToLowerInvariant()).ToList();
        var named = names.FindIndex(Headings.Contains);
        isHeading = !names.Any(c => c.Contains('@', StringComparison.Ordinal)) && (named >= 0 || names.Count > 1);
        return isHeading && named >= 0 ? named : 0;
    }
}
