using System.Runtime.CompilerServices;
using AkkaMail.Server.Lists;

namespace AkkaMail.Server.Hygiene;

/// <summary>
/// A list of addresses, one a line: as CSV the column that is named for them, else the first that has one; as plain text
/// the whole line. Empty lines are skipped, and a heading is none.
/// </summary>
internal static class AddressList
{
    public const int AddressesMax = 100_000;

    /// <summary>What a file is that cannot be such a list; null: it may be one. It is read from its beginning.</summary>
    public static async Task<string?> Problem(Stream list, CancellationToken cancel)
    {
        var buffer = new byte[81_920];
        list.Position = 0;
        var (isFirst, hasAddress) = (true, false);
        for (int read; !hasAddress
            && (read = await list.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel)) > 0;)
        {
            if (isFirst && ListForm.NoList(buffer.AsSpan(0, Math.Min(read, ListForm.HeadMax))) is { } problem)
                return problem;
            (isFirst, hasAddress) = (false, buffer.AsSpan(0, read).Contains((byte)'@'));
        }
        list.Position = 0;
        return hasAddress ? null : "is no list of addresses: there is no @ in it";
    }

    public static async IAsyncEnumerable<(long Line, string Address)> Read(
        Stream list, bool isPlain, [EnumeratorCancellation] CancellationToken cancel)
    {
        var form = await ListForm.OfAsync(list, cancel);
        using var text = form.Open(list, leaveOpen: true);
        var rows = new ListRows(text, isPlain ? null : form.Delimiter, 1 + form.Skipped);
        ListColumns? columns = null;
        var count = 0;
        foreach (var row in rows.Read(cancel))
        {
            if (row.Fault is { } fault) throw new ListException(row.Line, fault);
            columns ??= ListColumns.Of(form.Sample(isPlain) is { Rows.Count: > 0 } sample ? sample : ListSample.Of(row));
            if (row.Line <= columns.HeadingLine) continue;
            if (columns.Address is null) throw new ListException(row.Line, columns.NotFound);
            foreach (var address in columns.AddressesOf(row)
                ?? throw new ListException(row.Line, $"The line {ListColumns.Several}."))
            {
                if (++count > AddressesMax)
                    throw new ListException(row.Line,
                        $"A list may have {AddressesMax} addresses: this is one more. Send the rest as another list.");
                yield return (row.Line, address);
            }
        }
    }
}
