using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Tests.Reference;

public sealed partial class ShapingPageTests
{
    private static string Page =>
        File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "operating", "shaping.md"));

    /// <summary>Parts of a file may name what stands in another part; nothing else may be wrong with them.</summary>
    [Fact]
    public void Every_example_of_the_page_is_read()
    {
        var faults = Example().Matches(Page).Select(m => Whole(m.Groups[1].Value))
            .Select(text => ShapingReader.Read(Encoding.UTF8.GetBytes(text), "shaping.json"))
            .OfType<ShapingReading.Faulty>().SelectMany(f => f.Faults)
            .Where(f => !f.Message.StartsWith("there is no ", StringComparison.Ordinal));

        Assert.True(Example().Count(Page) >= 4);
        Assert.Empty(faults);
    }

    [Fact]
    public void Every_shipped_provider_and_plan_is_named()
    {
        var names = ShapingReader.Shipped.Providers.Select(p => p.Name).Concat(ShapingReader.Shipped.WarmUpPlans.Keys);

        Assert.All(names, name => Assert.Matches($@"\b{name}\b", Page));
    }

    /// <summary>It was recorded from a server once, and the shipped file goes on.</summary>
    [Fact]
    public void The_recorded_answer_for_a_site_at_Google_names_the_rules_that_are_shipped_for_it()
    {
        using var answer = JsonDocument.Parse(File.ReadAllText(
            Path.Combine(ReferencePage.Root, "docs", "examples", "answers", "ExplainSite.200.google.json")));

        Assert.Equal(ShapingReader.Shipped.Rules.Where(r => r.Site is null or "google").Select(r => r.Id),
            answer.RootElement.GetProperty("rules").EnumerateArray().Select(r => r.GetString()));
    }

    private static string Whole(string example) => example.TrimStart() switch
    {
        ['{', ..] => example,
        ['"', 'e', 's', 'p', ..] => "{\"sources\": {" + example + "}}",
        _ => "{" + example + "}",
    };

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
