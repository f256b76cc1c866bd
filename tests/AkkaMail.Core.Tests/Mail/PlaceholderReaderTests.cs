using AkkaMail.Core.Mail;

namespace AkkaMail.Core.Tests.Mail;

public sealed class PlaceholderReaderTests
{
    private const int Long = 25 * 1024 * 1024;

    [Fact]
    public void Each_is_told_with_its_name_and_place()
    {
        Assert.Equal([("a", 1, 6), ("{b", 6, 12), ("", 13, 19)], Read("x{{a}}{{{b}}}{{  }}"));

        static List<(string, int, int)> Read(string text)
        {
            var read = new List<(string, int, int)>();
            var reader = new PlaceholderReader(text);
            while (reader.Next()) read.Add((reader.Name.ToString(), reader.Start, reader.End));
            return read;
        }
    }

    public static TheoryData<string> Pieces =>
        ["{{", "{ ", "{{a", "{{a}}", "}}{{", "{{" + new string(' ', 300) + "}}"];

    /// <summary>Steps and not seconds: a text of 25 MB that is made to be searched again and again.</summary>
    [Theory]
    [MemberData(nameof(Pieces))]
    public void No_character_is_looked_at_more_than_twice(string piece)
    {
        var reader = new PlaceholderReader(string.Concat(Enumerable.Repeat(piece, Long / piece.Length)) + "}}");

        while (reader.Next()) { }

        Assert.InRange(reader.Looks, 1, 2L * Long);
    }

    [Fact]
    public void A_tally_keeps_names_once_and_only_so_many()
    {
        var tally = new FillTally("{{a}}{{b}}{{ a }}{{c}}{{d}}", namesMax: 3);

        Assert.Equal([new("a", 0, 2, 12), new("b", 5, 1, 5), new("c", 17, 1, 5)], tally.Uses);
        Assert.Equal(27, tally.Octets);
        Assert.Equal(27 - 12 + 2 * 100, tally.Filled(name => name == "a" ? 100 : null));
    }
}
