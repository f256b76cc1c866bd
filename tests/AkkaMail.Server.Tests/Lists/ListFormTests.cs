using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Hygiene;
using AkkaMail.Server.Lists;

namespace AkkaMail.Server.Tests.Lists;

/// <summary>How a list is written is told by what is in it, and what is no list says what it is.</summary>
public sealed class ListFormTests
{
    [Theory]
    [InlineData("address,note\n", ',', 0)]
    [InlineData("address;note\na,b;c", ';', 0)]
    [InlineData("address\tnote, more\n", '\t', 0)]
    [InlineData("address|note\n", '|', 0)]
    [InlineData("\"a, b\";address\n", ';', 0)]
    [InlineData("a@d.test;gone, really\n", ';', 0)]
    [InlineData("address\na\n", ',', 0)]
    [InlineData("sep=;\na;b\n", ';', 1)]
    [InlineData("\"sep=|\"\r\na|b\n", '|', 1)]
    [InlineData("SEP=\t\na\tb\n", '\t', 1)]
    [InlineData("sep = ;\na;b\n", ';', 1)]
    [InlineData("Müller, Anna;a@d.test\nMaier, Bob;b@d.test\n", ';', 0)]
    [InlineData("\r\nemail;note\r\na@d.test;x, y\r\n", ';', 0)]
    [InlineData("", ',', 0)]
    public void What_is_between_cells_stands_in_the_first_line(string list, char delimiter, int skipped)
    {
        var form = ListForm.Of(Encoding.UTF8.GetBytes(list));

        Assert.Equal((delimiter, skipped), (form.Delimiter, form.Skipped));
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    public async Task A_list_is_read_in_every_encoding_of_Unicode_with_a_mark_and_without(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("sep=;\r\nName;E-Mail\r\nZoë;zoë@d.test\r\n")];
        using var list = new MemoryStream(bytes);

        Assert.Equal([(3, "zoë@d.test")], await AddressesOf(list));
    }

    /// <summary>As Excel saves CSV in the west of Europe: octets that are no UTF-8.</summary>
    [Fact]
    public async Task A_list_in_a_code_page_is_read_by_it()
    {
        using var list = new MemoryStream(CodePages.Find("windows-1252")!.GetBytes("Größe;E-Mail\r\nzwölf;zoë@d.test\r\n"));

        Assert.Equal([(2, "zoë@d.test")], await AddressesOf(list));
    }

    [Theory]
    [InlineData("name,Email\nAnn,a@d.test\n", "2 a@d.test")]
    [InlineData("a@d.test;Ann\nb@d.test;Bob\n", "1 a@d.test,2 b@d.test")]
    [InlineData("17,a@d.test\n18,b@d.test\n", "1 a@d.test,2 b@d.test")]       // No heading: the column that has one.
    [InlineData("Id,Kontakt,Ort\n17,a@d.test,Ulm\n18,,\n", "2 a@d.test")]     // A heading nobody knows: likewise.
    public async Task The_column_of_addresses_is_found(string list, string read)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(list));

        Assert.Equal(read, string.Join(',', (await AddressesOf(stream)).Select(r => $"{r.Line} {r.Address}")));
    }

    [Theory]
    [InlineData("PK\u0003\u0004…@", "workbook")]
    [InlineData("%PDF-1.7 @", "PDF")]
    [InlineData("{\"a\": \"b@c.test\"}", "JSON")]
    [InlineData("<!doctype html>b@c.test", "HTML")]
    [InlineData("a@b\0c", "no text")]
    [InlineData("name\nAnn\nBob\n", "no @")]
    [InlineData(",,,,,,,,,,", "no @")]
    public async Task What_is_no_list_of_addresses_says_what_it_is(string content, string said)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));

        Assert.Contains(said, await AddressList.Problem(stream, CancellationToken.None), StringComparison.Ordinal);
    }

    private static async Task<List<(long Line, string Address)>> AddressesOf(MemoryStream list)
    {
        Assert.Null(await AddressList.Problem(list, CancellationToken.None));
        var read = new List<(long, string)>();
        await foreach (var row in AddressList.Read(list, isPlain: false, CancellationToken.None)) read.Add(row);
        return read;
    }
}
