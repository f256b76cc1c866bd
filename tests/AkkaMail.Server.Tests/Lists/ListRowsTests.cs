using AkkaMail.Server.Lists;

namespace AkkaMail.Server.Tests.Lists;

/// <summary>Rows of lists, as spreadsheets and other products write them and as nobody should.</summary>
public sealed class ListRowsTests
{
    [Theory]
    [InlineData("a,b\nc,d\n", "1:a|b 2:c|d")]
    [InlineData("a,b\r\nc,d", "1:a|b 2:c|d")]
    [InlineData("a,b\rc,d\r", "1:a|b 2:c|d")]                            // As old Macs end lines.
    [InlineData("\n\na, b \n,,\n\n\tc,\n", "3:a|b 6:c|")]                // Blanks around cells; rows with nothing in them.
    [InlineData("a,\"b, and \"\"c\"\"\"\nd,e", "1:a|b, and \"c\" 2:d|e")]
    [InlineData("\"two\nlines\",b\nc,d", "2:two\nlines|b 3:c|d")]
    [InlineData("a,5\" screen\nb,Jim \"JJ\" Jones\n", "1:a|5\" screen 2:b|Jim \"JJ\" Jones")]
    [InlineData("\"Jim\" Jones,a\n\"ann, b\"@d.test,x", "1:\"Jim\" Jones|a 2:\"ann, b\"@d.test|x")]
    [InlineData("\"\",\"a\" \n", "1:|a")]
    public void A_list_is_read_as_spreadsheets_write_it(string list, string rows) =>
        Assert.Equal(rows, string.Join(' ', Read(list).Select(r => $"{r.Line}:{string.Join('|', r.Cells)}")));

    [Fact]
    public void Plain_text_has_one_cell_a_line_and_its_quotes_are_text() =>
        Assert.Equal(["\"a b\"@d.test, x", "c;d"], Read("\"a b\"@d.test, x\nc;d\n", null).Select(r => Assert.Single(r.Cells)));

    [Fact]
    public void A_quote_that_nobody_closes_is_a_fault_of_the_line_it_opened_on()
    {
        var read = new List<ListRow>();
        var fault = Assert.Throws<ListException>(
            () => read.AddRange(Read("a,x\nb,\"VIP\nc,x\nd,x\n")));

        Assert.Equal((2, 3), (fault.Line, int.Parse(fault.Message.Split(' ').First(w => int.TryParse(w, out _)))));
        Assert.Contains("quote", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_left_open_that_meets_the_next_one_costs_the_lines_between_them_and_no_others()
    {
        var rows = Read("a,x\nb,\"VIP\nc,x\nd,\"VIP\"\ne,x\n").ToList();

        Assert.Equal(["a", "b", "e"], rows.Select(r => r.Cells[0]));
        Assert.Equal([null, "The quote that opens a cell on line 2 is closed in the middle of one on line 4: "
            + "nothing of lines 2 to 4 is taken.", null], rows.Select(r => r.Fault));
    }

    [Fact]
    public void As_many_cells_and_characters_as_may_be_are_taken_and_one_more_ends_the_list()
    {
        var cells = new string(',', ListRows.CellsMax - 2);   // One cell more than commas, and one before them.
        Assert.Equal(ListRows.CellsMax, Read($"a,{cells}").Single().Cells.Count);
        Assert.Equal(2, Assert.Throws<ListException>(() => Read($"b\na,{cells},").Count()).Line);

        var cell = new string('x', ListRows.CellMax);
        Assert.Equal(cell, Read($"a,{cell}").Single().Cells[1]);
        Assert.Throws<ListException>(() => Read($"a,{cell}x").Count());
        Assert.Equal(cell, Read($"a,\"{cell}\"").Single().Cells[1]);
        Assert.Contains("quote", Assert.Throws<ListException>(() => Read($"a,\"{cell}x\"").Count()).Message,
            StringComparison.Ordinal);

        var row = string.Join(',', Enumerable.Repeat(cell, ListRows.RowMax / ListRows.CellMax - 1));
        Assert.Single(Read(row));
        Assert.Throws<ListException>(() => Read($"{row},{cell},x").Count());
    }

    [Theory]
    [InlineData(',')]
    [InlineData('"')]
    [InlineData('x')]
    [InlineData(' ')]
    public void A_line_of_thirty_million_characters_is_not_read_to_its_end(char c)
    {
        var text = new Endless(c);

        Assert.Throws<ListException>(() => new ListRows(text, ',').Read(CancellationToken.None).Count());
        Assert.InRange(text.Count, 0, 2 * ListRows.RowMax);
    }

    private static IEnumerable<ListRow> Read(string list, char? delimiter = ',') =>
        new ListRows(new StringReader(list), delimiter).Read(CancellationToken.None);

    /// <summary>The same character 30 million times; counts how many were asked for.</summary>
    private sealed class Endless(char c) : TextReader
    {
        public int Count { get; private set; }

        public override int Read(Span<char> buffer)
        {
            if (Count >= 30_000_000) return 0;
            buffer.Fill(c);
            Count += buffer.Length;
            return buffer.Length;
        }
    }
}
