using System.Collections.Immutable;
using System.Text;
using AkkaMail.Core.Mail;
using CsCheck;

namespace AkkaMail.Core.Tests.Mail;

public sealed class FillingTests
{
    private static readonly ImmutableArray<Variable> Known =
        [new("a", "<Ä\r\n>"), new("b", "{{a}}"), new("long name", "")];

    private static readonly string[] Odd = ["{{a}}", "{{ b }}", "{{c}}", "{{{a}}}", "{{", "}}", "☕", "😀"];

    private static string Filled(string text, FillMode mode = FillMode.Text) => Filling.Fill(text, Known, mode);

    [Theory]
    [InlineData("", "")]
    [InlineData("{{b}}", "{{a}}")]   // A value is no template.
    [InlineData("x{{ b }}y{{\tb\n}}z", "x{{a}}y{{a}}z")]
    [InlineData("{{long name}}.", ".")]
    [InlineData("{{c}} {{b}}", "{{c}} {{a}}")]
    [InlineData("{{ {{b}}", "{{ {{a}}")]
    [InlineData("{{{{b}}}}", "{{{{a}}}}")]
    [InlineData("{{{b}}}", "{{{b}}}")]   // Pairs from the left: its name is {b.
    [InlineData("{{b}", "{{b}")]
    [InlineData("}}{{b}}}", "}}{{a}}}")]
    [InlineData("{{}}{{ }}{{", "{{}}{{ }}{{")]
    [InlineData("{ {b} }{{b}}", "{ {b} }{{a}}")]
    public void Names_are_filled_and_all_else_stays(string text, string filled) => Assert.Equal(filled, Filled(text));

    [Fact]
    public void A_value_is_written_as_its_text_asks()
    {
        Assert.Equal("<Ä\r\n>", Filled("{{a}}"));
        Assert.Equal("&lt;&#196;\r\n&gt;", Filled("{{a}}", FillMode.Html));
        Assert.Equal("<Ä >", Filled("{{a}}", FillMode.Line));
    }

    [Fact]
    public void Without_variables_braces_are_the_senders_own() =>
        Assert.Equal("{{a}}", Filling.Fill("{{a}}", [], FillMode.Text));

    [Fact]
    public void What_is_longer_than_a_name_can_be_is_text()
    {
        static string Padded(int blanks) => $"{{{{b{new string(' ', blanks)}}}}}";

        Assert.Equal("{{a}}", Filled(Padded(PlaceholderReader.InsideMax - 1)));
        Assert.Equal(Padded(PlaceholderReader.InsideMax), Filled(Padded(PlaceholderReader.InsideMax)));
    }

    [Fact]
    public void A_subject_is_one_line_of_its_mail()
    {
        var mail = new MailEnvelope([], [], [], null, Known, [], []);

        Assert.Equal("Hi <Ä >", Filling.Subject("Hi {{a}}", mail));
        Assert.Equal("Own {{a}}", Filling.Subject("Hi {{a}}", mail with { Subject = "Own {{b}}" }));
        Assert.Equal("a b c d", Filling.Subject("a\r\nb\rc\0\nd", mail));
    }

    [Fact]
    public void Octets_known_beforehand_are_those_of_the_filled_text()
    {
        var word = Gen.OneOf(Gen.String[Gen.Char["{}ab \t\r\né&<\"'\u0085\u00a0"], 0, 12],
            Gen.OneOf([.. Odd.Select(Gen.Const)]));
        var text = word.Array[0, 12].Select(string.Concat);

        Gen.Select(text, text, text, Gen.Enum<FillMode>(), Gen.Int[0, 4]).Sample((written, a, b, mode, more) =>
        {
            // Longer than what is encoded at once.
            var repeated = string.Concat(Enumerable.Repeat(a, 1 + more * 100));
            ImmutableArray<Variable> variables = [new("a", repeated), new("b", b)];
            var tally = new FillTally(written, 8);

            var octets = tally.Filled(name => variables.FirstOrDefault(v => v.Name == name) is { } variable
                ? Filling.Octets(variable.Value, mode) : null);

            Assert.Equal(Encoding.UTF8.GetByteCount(Filling.Fill(written, variables, mode)), octets);
        }, iter: 3_000);
    }

    /// <summary>What must not be cut stands across each place where a value could be.</summary>
    [Theory]
    [InlineData("", "😀", FillMode.Html)]
    [InlineData("x", "😀", FillMode.Html)]
    [InlineData("", "\r\n", FillMode.Line)]
    [InlineData("x", "\r\n", FillMode.Line)]
    public void A_long_value_is_measured_as_it_is_written(string before, string pair, FillMode mode)
    {
        var value = before + string.Concat(Enumerable.Repeat(pair, 10_000));

        Assert.Equal(Encoding.UTF8.GetByteCount(Filling.Fill("{{v}}", [new("v", value)], mode)),
            Filling.Octets(value, mode));
    }
}
