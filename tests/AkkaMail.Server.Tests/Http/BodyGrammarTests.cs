using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Tests.Http;

/// <summary>What is seen in a body before anything is made of it.</summary>
public sealed class BodyGrammarTests
{
    private static readonly BodyBound Shared = new(3, count => $"{count} are too many", "all");

    private static readonly BodyBounds Bounds = new(
        ("list", BodyBound.MoreThan(2)), ("rows[].map", BodyBound.MoreThan(2)), ("rows", BodyBound.MoreThan(4)),
        ("a", Shared), ("rows[].a", Shared));

    private static BodyGrammar Read(string body)
    {
        var grammar = new BodyGrammar(Encoding.UTF8.GetBytes(body), Bounds);
        grammar.Read();
        return grammar;
    }

    [Theory]
    [InlineData("""{"list": [1, [1, 2, 3]], "rows": [{"map": {"x": {"y": [1, 2, 3]}}}], "a": [1, 2, 3]}""", null)]
    [InlineData("""{"list": [1, {}, []]}""", "list are more than 2")]
    [InlineData("""{"l\u0069st": [1, 2, 3]}""", "list are more than 2")]
    [InlineData("""{"rows": [{}, {"map": {"x": 1, "y": 2, "x": 3}}]}""", "rows[1].map are more than 2")]
    [InlineData("""{"rows": [1, 2, 3, 4, {"map": {}}]}""", "rows are more than 4")]
    [InlineData("""{"a": [1, 2], "rows": [{"a": [1, 2]}, {"a": "x"}]}""", "all 4 are too many")]
    [InlineData("""{"other": {"list": [1, 2, 3]}, "list": {"x": {"list": [1, 2, 3]}}}""", null)]
    [InlineData("""[[1, 2, 3], [1, 2, 3]]""", null)]
    public void A_list_is_counted_at_its_place_however_it_is_written(string body, string? says)
    {
        var excess = Read(body).Excess;

        Assert.Equal(says, excess is null ? null : $"{excess.Field} {excess.Message}".Replace("l\\u0069st", "list", StringComparison.Ordinal));
    }

    [Fact]
    public void A_million_entries_are_counted_and_not_built()
    {
        var keys = string.Join(',', Enumerable.Range(0, 300_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"k{i}\":{{}}")));
        var body = Encoding.UTF8.GetBytes($$$"""{"rows":[{"map":{{{{keys}}}}}],"list":[{{{string.Join(',', Enumerable.Repeat("[]", 700_000))}}}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var grammar = new BodyGrammar(body, Bounds);
        grammar.Read();

        Assert.Equal("rows[0].map", grammar.Excess?.Field);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("""{"NAME": 1}""", "NAME")]
    [InlineData("""{"rows": [{}, {"map": {"NAME": 1}}]}""", "rows[1].map.NAME")]
    public void A_name_that_nothing_has_is_told_and_cut(string body, string field)
    {
        var name = new string('é', 3_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var octets = Encoding.UTF8.GetBytes(body.Replace("NAME", name, StringComparison.Ordinal));
        var own = GC.GetAllocatedBytesForCurrentThread() - before;

        var grammar = new BodyGrammar(octets, Bounds);
        grammar.Read();

        Assert.StartsWith(field.Replace("NAME", name[..100], StringComparison.Ordinal), grammar.Excess!.Field, StringComparison.Ordinal);
        Assert.Equal(201, grammar.Excess.Field.Length);
        Assert.Equal("has a name of 6000000 bytes; 1024 are allowed", grammar.Excess.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before - own, 0, 100_000);
    }

    [Theory]
    [InlineData("", "The body is empty: it has to be JSON.")]
    [InlineData(" \r\n", "The body is empty: it has to be JSON.")]
    [InlineData("{", "Line 1, byte 2: the JSON ends before it is complete.")]
    [InlineData("{\"a\": \"b", "Line 1, byte 9: the JSON ends before it is complete.")]
    [InlineData("{\n\"a\": 1,}", "Line 2, byte 8: '}' cannot stand here.")]
    [InlineData("{'a': 1}", "Line 1, byte 2: an apostrophe cannot stand here.")]
    [InlineData("{\"a\": ☕}", "Line 1, byte 7: '☕' cannot stand here.")]
    [InlineData("{\"a\": \"b\nc\"}",
        "Line 1, byte 9: a line break or another control character cannot stand here; within a text it is escaped, as \\n.")]
    public void What_is_no_JSON_is_told_in_our_own_words(string body, string says) =>
        Assert.Equal(says, Read(body).Fault?.Message);

    [Theory]
    [InlineData("[", 65)]
    [InlineData("{\"a\":", 321)]
    public void Brackets_within_each_other_have_an_end(string open, int at)
    {
        var body = string.Concat(Enumerable.Repeat(open, 100_000));

        Assert.Equal($"Line 1, byte {at}: more than 64 levels within each other.", Read(body).Fault?.Message);
    }

    /// <summary>Its words are of its states and options: isFinalBlock, depth, reader.</summary>
    [Fact]
    public void No_word_is_the_parsers()
    {
        foreach (var body in new[] { "{]", "nul", "01", "1e", "\"\\x\"", "\"\\u12\"", "// a", "[1 2]", "{1:2}", "{\"a\"}", "-", "\u00a0" })
        {
            var theirs = Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body)).Message;
            var ours = Read(body).Fault!.Value.Message;

            Assert.Matches("^Line 1, byte [0-9]+: (.* cannot stand here|the JSON ends before it is complete)[.]$", ours);
            Assert.NotEqual(theirs, ours);
        }
    }
}
