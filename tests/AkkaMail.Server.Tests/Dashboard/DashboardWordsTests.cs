using System.Text.RegularExpressions;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Server.Cluster;
using AkkaMail.Server.Options;
using AkkaMail.Storage.History;

namespace AkkaMail.Server.Tests.Dashboard;

/// <summary>
/// The dashboard orders, colours and ends statuses by their words: they are the API's, and none is left out.
/// </summary>
public sealed partial class DashboardWordsTests
{
    private static readonly IReadOnlyList<Word> Told = Rows("rows");

    [Fact]
    public void Every_status_has_a_row_and_says_whether_it_ends_its_message() => Assert.Equal(
        Enum.GetValues<MessageStatus>().Select(s => (s.ToWord(), s.IsTerminal())), Told.Select(w => (w.Text, w.Ends)));

    [Fact]
    public void The_strip_has_a_place_for_every_status() => Assert.Equal(
        Words.Of<MessageStatus>().Order(), Quoted().Matches(List("worstFirst")).Select(m => m.Groups[1].Value).Order());

    [Fact]
    public void What_else_a_story_tells_has_a_row_and_ends_nothing() => Assert.Equal(
        Words.Of<AmendmentKind>().Append("attempt").Order().Select(word => (word, false)),
        Rows("others").Select(w => (w.Text, w.Ends)).OrderBy(w => w.Text));

    [Fact]
    public void Every_tone_is_a_colour() =>
        Assert.All(Told.Concat(Rows("others")), w => Assert.Contains($".tone-{w.Tone} {{\n  --s:", Read("app.css")));

    [Fact]
    public void Every_standing_of_a_domain_has_a_colour() =>
        Assert.Equal(Words.Of<DomainStanding>().Order(), Coloured("domains.css").Order());

    [Fact]
    public void Every_standing_of_a_node_has_a_tone()
    {
        var standings = Pair().Matches(Regex.Match(Read("clusterwords.js"), "standings = {(.*?)};").Groups[1].Value);

        Assert.Equal(Words.Of<NodeStanding>().Order(), standings.Select(m => m.Groups[1].Value).Order());
        Assert.All(standings, m => Assert.Contains($".tone-{m.Groups[2].Value} {{\n  --s:", Read("app.css")));
    }

    [Fact]
    public void Every_order_of_the_cluster_is_said_in_words() => Assert.Equal(
        Words.Of<ClusterVerb>().Order(),
        Key().Matches(Regex.Match(Read("clusterwords.js"), @"const orders = {(.*?)\n};", RegexOptions.Singleline).Groups[1].Value)
            .Select(m => m.Groups[1].Value).Order());

    private static IEnumerable<string> Coloured(string file) =>
        Regex.Matches(Read(file), @"^\.s-(\w+)(?:,| \{)", RegexOptions.Multiline).Select(m => m.Groups[1].Value);

    private static List<Word> Rows(string list) =>
        [.. Row().Matches(List(list)).Select(m => new Word(m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Success))];

    private static string List(string name) => Regex.Match(
        Read("statuses.js"), $@"const {name} = \[(.*?)\];", RegexOptions.Singleline).Groups[1].Value;

    private static string Read(string file)
    {
        using var stream = typeof(AkkaMailOptions).Assembly.GetManifestResourceStream($"dashboard.{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed record Word(string Text, string Tone, bool Ends);

    [GeneratedRegex("""\{ word: "(\w+)", tone: "(\w+)"(, ends: true)? \}""")]
    private static partial Regex Row();

    [GeneratedRegex("(\\w+): \"(\\w+)\"")]
    private static partial Regex Pair();

    [GeneratedRegex(@"^  (\w+): ", RegexOptions.Multiline)]
    private static partial Regex Key();

    [GeneratedRegex("\"(\\w+)\"")]
    private static partial Regex Quoted();
}
