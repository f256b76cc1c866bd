using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Replies;

public sealed class BounceRulesReaderTests
{
    [Fact]
    public void An_own_rule_comes_before_the_shipped_ones()
    {
        var rules = Good("""
            {"version": "mine", "rules": [
              {"id": "our-partner", "reason": "inactive", "host": ["partner.test"], "code": ["55x"],
               "match": ["closed"]}]}
            """);

        Assert.Equal("our-partner", rules.Classify("550 closed", new(Host: "mx1.partner.test")).Rule);
        Assert.NotEqual("our-partner", rules.Classify("550 closed", new(Host: "mx1.notpartner.test")).Rule);
        Assert.NotEqual("our-partner", rules.Classify("540 closed", new(Host: "partner.test")).Rule);
        Assert.Equal("mailbox-full", rules.Classify("550 Mailbox full").Rule);
    }

    [Fact]
    public void A_rule_with_a_shipped_id_replaces_it()
    {
        var rules = Good("""{"rules": [{"id": "mailbox-full", "reason": "unclear", "match": ["no such words"]}]}""");

        Assert.Equal(BounceRulesReader.Shipped.Rules.Length, rules.Rules.Length);
        Assert.NotEqual("mailbox-full", rules.Classify("550 Mailbox full").Rule);
    }

    [Fact]
    public void Without_the_shipped_rules_only_own_ones_hold()
    {
        var rules = Good("""{"shipped": false, "rules": [{"id": "a", "reason": "spam", "status": ["x.7.1-3"]}]}""");

        Assert.Equal("a", rules.Classify("550 5.7.2 x").Rule);
        Assert.Equal(BounceRules.NoRule, rules.Classify("550 User unknown").Rule);
    }

    [Fact]
    public void The_version_names_the_file_and_changes_with_its_text()
    {
        var one = Good("""{"version": "mine"}""").Version;

        Assert.StartsWith("mine+", one);
        Assert.NotEqual(one, Good("""{"version": "mine" }""").Version);
        Assert.Equal(one, Good("""{"version": "mine"}""").Version);
        Assert.NotEqual(one, BounceRulesReader.Shipped.Version);
        Assert.Equal(one, Good("""{"version": "mine"}""").Classify("550 x").Version);
    }

    [Theory]
    [InlineData("{\n\"rules\": [\n{\"id\": \"a\", \"reason\": \"bad\", \"code\": [\"550\"]}]}", 3, "rules[0].reason")]
    [InlineData("{\"rules\": [{\"id\": \"a\", \"reason\": \"spam\",\n\"code\": [\"95x\"]}]}", 2, "rules[0].code[0]")]
    [InlineData("{\"rules\": [{\"id\": \"a\", \"reason\": \"spam\", \"status\": [\"5.7\"]}]}", 1, "rules[0].status[0]")]
    [InlineData("{\"rules\": [{\"id\": \"a\", \"status\": [\"5.7.9-1\"]}]}", 1, "rules[0].status[0]")]
    [InlineData("{\"rules\": [{\"id\": \"a\", \"reason\": \"spam\", \"match\": [\"*\"]}]}", 1, "rules[0].match[0]")]
    [InlineData("{\"rules\": [{\"id\": \"a\", \"reason\": \"spam\", \"step\": [\"quit\"]}]}", 1, "rules[0].step[0]")]
    [InlineData("{\"rules\": [{\"id\": \"a\", \"reason\": \"spam\", \"host\": [\"a b\"]}]}", 1, "rules[0].host[0]")]
    [InlineData("{\"rules\": [{\"id\": \"a\", \"reason\": \"spam\"}]}", 1, "rules[0]")]
    [InlineData("{\"rules\": [{\"reason\": \"spam\", \"code\": [\"550\"]}]}", 1, "rules[0]")]
    [InlineData("{\"rules\": [],\n\"rule\": 1}", 2, "rule")]
    [InlineData("{\n\"rules\": [\n", 3, "")]
    public void A_fault_has_its_line_and_field(string text, int line, string field)
    {
        var faulty = Assert.IsType<BounceReading.Faulty>(Read(text));

        Assert.Contains((line, field), faulty.Faults.Select(f => (f.Line, f.Path)));
    }

    [Fact]
    public void Too_much_is_refused()
    {
        var phrases = string.Join(',', Enumerable.Repeat($"\"{new string('a', 199)}\"", 180));
        var rules = string.Join(',', Enumerable.Range(0, 6)
            .Select(i => $$"""{"id": "r{{i}}", "reason": "spam", "match": [{{phrases}}]}"""));

        var faulty = Assert.IsType<BounceReading.Faulty>(Read($$"""{"rules": [{{rules}}]}"""));

        Assert.Contains("all phrases together", faulty.Faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_reason_has_a_word_and_a_name_in_the_corpus()
    {
        var map = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Replies", "reasons.json")))!;

        Assert.Equal(Reasons.ByWord.Keys.Order(), map.AsObject().Select(entry => entry.Key).Order());
        Assert.Equal(Enum.GetValues<BounceReason>().Order(), Reasons.ByWord.Values.Order());
    }

    private static BounceRules Good(string text) => Assert.IsType<BounceReading.Good>(Read(text)).Rules;

    private static BounceReading Read(string text) =>
        BounceRulesReader.Read(Encoding.UTF8.GetBytes(text), "bounces.json");
}
