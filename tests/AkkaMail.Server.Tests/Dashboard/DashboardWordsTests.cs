using System.Text.RegularExpressions;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Server.Options;

namespace AkkaMail.Server.Tests.Dashboard;

/// <summary>
/// The dashboard orders, colours and ends statuses by their words: they are the API's, and none is left out.
/// </summary>
public sealed class DashboardWordsTests
{
    private static readonly IReadOnlyList<string> Statuses = [.. Words.Of<MessageStatus>()];

    private static readonly IReadOnlyList<string> Terminal =
        [.. Enum.GetValues<MessageStatus>().Where(s => s.IsTerminal()).Select(s => s.ToWord())];

    [Fact]
    public void A_list_can_be_narrowed_to_every_status() =>
        Assert.Equal(Statuses, Listed("list.js", @"const statuses = \[(.*?)\]"));

    [Fact]
    public void The_strip_has_a_place_for_every_status() =>
        Assert.Equal(Statuses.Order(), Listed("strip.js", @"const order = \[(.*?)\]").Order());

    [Fact]
    public void A_message_is_watched_until_a_status_that_ends_it() =>
        Assert.Equal(Terminal, Listed("message.js", @"const terminal = new Set\(\[(.*?)\]\)"));

    [Fact]
    public void Every_status_and_what_comes_back_later_has_a_colour() => Assert.Equal(
        Statuses.Concat(Words.Of<AmendmentKind>()).Append("attempt").Order(), Coloured("app.css").Order());

    [Fact]
    public void Every_standing_of_a_domain_has_a_colour() =>
        Assert.Equal(Words.Of<DomainStanding>().Order(), Coloured("domains.css").Order());

    [Fact]
    public void An_event_that_ends_its_message_is_a_full_dot()
    {
        var full = Regex.Match(Read("message.css"), @"\.timeline li:is\((.*?)\)::before").Groups[1].Value;

        Assert.Equal(Terminal.Order(), Regex.Matches(full, @"\.s-(\w+)").Select(m => m.Groups[1].Value).Order());
    }

    private static IEnumerable<string> Coloured(string file) =>
        Regex.Matches(Read(file), @"^\.s-(\w+)(?:,| \{)", RegexOptions.Multiline).Select(m => m.Groups[1].Value);

    private static IEnumerable<string> Listed(string file, string list) =>
        Regex.Matches(Regex.Match(Read(file), list, RegexOptions.Singleline).Groups[1].Value, "\"(\\w+)\"")
            .Select(m => m.Groups[1].Value);

    private static string Read(string file)
    {
        using var stream = typeof(AkkaMailOptions).Assembly.GetManifestResourceStream($"dashboard.{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
