using System.Diagnostics;
using System.Text.Json;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Authentication;

namespace AkkaMail.Smtp.Tests.Authentication;

/// <summary>
/// What stands for our sources may be a thousand addresses or a name of others; a right record is right all the same.
/// </summary>
public sealed class SpfTermsOfOursTests
{
    private const string Zone = """
        {
          "ten.test": [{"type": "TXT", "value": ["v=spf1 ip4:10.0.0.0/8 -all"]}],
          "wide.test": [{"type": "TXT", "value": ["v=spf1 include:ten.test ~all"]}],
          "each.test": [{"type": "TXT", "value": ["v=spf1 include:each.other.test ~all"]}],
          "each.other.test": [{"type": "TXT", "value": ["v=spf1 exists:%{i}.other.test -all"]}],
          "mail.test": [{"type": "A", "value": ["192.0.2.7"]}],
          "mx.test": [{"type": "MX", "value": ["10", "mail.test"]}],
          "away.test": [{"type": "TIMEOUT"}],
          "half.test": [{"type": "A", "value": ["192.0.2.7"]}, {"type": "TIMEOUT"}],
          "awaymx.test": [{"type": "MX", "value": ["10", "away.test"]}],

          "relay.test": [{"type": "TXT", "value": ["v=spf1 ip4:192.0.2.0/28 mx:mx.test a:mail.test -all"]}],
          "holed.test": [{"type": "TXT", "value": ["v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/28 -all"]}],
          "exists.test": [{"type": "TXT", "value": ["v=spf1 ip4:192.0.2.7 exists:%{i}.x.test -all"]}],
          "loop.test": [{"type": "TXT", "value": ["v=spf1 include:loop.test -all"]}],
          "silent.test": [{"type": "TXT", "value": ["v=spf1 include:away.test -all"]}],

          "network.test": [{"type": "TXT", "value": ["v=spf1 ip4:192.0.2.0/24 -all"]}],
          "one.test": [{"type": "TXT", "value": ["v=spf1 ip4:192.0.2.7 -all"]}],
          "names.test": [{"type": "TXT", "value": ["v=spf1 include:RELAY.test. include:holed.test. ",
              "include:Exists.Test include:loop.test. a:away.test mx:awaymx.test. exists:%{i}.x.test ptr:mail.test ~all"]}],
          "deep.test": [{"type": "TXT", "value": ["v=spf1 include:names.test ~all"]}],
          "deeper.test": [{"type": "TXT", "value": ["v=spf1 ip4:198.51.100.1 redirect=deep.test"]}],
          "behind.test": [{"type": "TXT", "value": ["v=spf1 ~all include:names.test"]}],
          "not.test": [{"type": "TXT", "value": ["v=spf1 -include:names.test ?exists:%{i}.x.test ~all"]}],
          "two.test": [{"type": "TXT", "value": ["v=spf1 -all"]}, {"type": "TXT", "value": ["v=spf1 -all"]}]
        }
        """;

    private static async Task<string> Ask(string host, params string[] terms)
    {
        using var server = new ZoneServer(JsonDocument.Parse(Zone).RootElement);
        var verdicts = await new SpfSources(new() { Servers = [server.EndPoint] }).AskAsync(host, [.. terms]);
        return string.Join(',', verdicts.Select(v => v.Outcome));
    }

    [Theory]
    // Addresses of an include, an mx and an a are judged, whatever the record calls them.
    [InlineData("network.test", "include:relay.test", "Passes,Passes,Passes")]
    [InlineData("one.test", "include:relay.test", "Refused,Passes,Refused,Passes,Passes")]
    [InlineData("network.test", "mx:mx.test", "Passes")]
    [InlineData("one.test", "mx:mx.test/31", "Refused,Passes")]
    [InlineData("deeper.test", "mx:mx.test", "Passes")]
    // What the include itself refuses is not asked about.
    [InlineData("names.test", "include:holed.test", "Passes,Passes")]
    // What is no addresses is looked for by its words, in all that is included and where it leads on to.
    [InlineData("names.test", "exists:%{i}.x.test", "Passes")]
    [InlineData("deep.test", "exists:%{i}.x.test.", "Passes")]
    [InlineData("deeper.test", "exists:%{I}.X.test", "Passes")]
    [InlineData("deeper.test", "include:loop.test", "Passes")]
    [InlineData("deeper.test", "ptr:mail.test", "Passes")]
    [InlineData("deeper.test", "include:exists.test", "Passes,Passes")]
    [InlineData("network.test", "include:exists.test", "Passes,Refused")]
    [InlineData("network.test", "exists:%{i}.x.test", "Refused")]
    [InlineData("behind.test", "exists:%{i}.x.test", "Refused")]
    [InlineData("not.test", "exists:%{i}.x.test", "Refused")]
    [InlineData("two.test", "exists:%{i}.x.test", "Error")]
    [InlineData("away.test", "exists:%{i}.x.test", "Unknown")]
    [InlineData("silent.test", "exists:%{i}.x.test", "Unknown")]
    [InlineData("nothing.test", "exists:%{i}.x.test", "Refused")]
    public async Task A_term_that_names_others_is_in_the_record_however_that_is_written(
        string host, string term, string outcomes) => Assert.Equal(outcomes, await Ask(host, term));

    [Theory]
    [InlineData("network.test", "a:away.test", "Unknown")]
    [InlineData("network.test", "mx:away.test", "Unknown")]
    [InlineData("network.test", "mx:awaymx.test", "Unknown")]
    [InlineData("network.test", "include:away.test", "Unknown")]
    [InlineData("network.test", "include:silent.test", "Unknown")]
    [InlineData("network.test", "a:half.test", "Passes,Unknown")]      // Its AAAA may be there.
    [InlineData("one.test", "a:nothing.test", "Refused")]             // A name that is not there is an answer.
    // Receivers see the same silence as we.
    [InlineData("names.test", "a:away.test", "Passes")]
    [InlineData("names.test", "mx:awaymx.test", "Passes")]
    public async Task A_name_of_ours_that_DNS_does_not_answer_for_never_counts(
        string host, string term, string outcomes) => Assert.Equal(outcomes, await Ask(host, term));

    [Fact]
    public async Task Two_thousand_addresses_are_all_judged_and_a_name_is_asked_for_once()
    {
        using var server = new ZoneServer(JsonDocument.Parse(Zone).RootElement);
        var sources = new SpfSources(new() { Servers = [server.EndPoint] });

        var verdicts = await sources.AskAsync("wide.test",
            [.. Enumerable.Range(0, 2_000).Select(i => $"ip4:10.9.{i / 250}.{i % 250}"), "ip4:10.200.0.0/16"]);

        Assert.Equal(2_001, verdicts.Count(v => v.Outcome == SourceOutcome.Passes));
        Assert.Equal(2, server.Queries);
    }

    [Fact]
    public async Task Where_every_address_asks_DNS_anew_fifty_of_them_speak_for_the_others()
    {
        using var server = new ZoneServer(JsonDocument.Parse(Zone).RootElement);
        var sources = new SpfSources(new() { Servers = [server.EndPoint] });

        var verdicts = await sources.AskAsync("each.test",
            [.. Enumerable.Range(0, 100).Select(i => $"ip4:10.9.0.{i}")]);

        Assert.Equal(50, verdicts.Count(v => v.Outcome == SourceOutcome.Refused));
        Assert.Equal(50, verdicts.Count(v => v.Outcome == SourceOutcome.Unasked));
        Assert.Equal(52, server.Queries);
    }

    [Fact]
    public async Task A_record_of_thousands_of_networks_is_judged_in_time_and_what_was_not_asked_is_not_missing()
    {
        static string Record(string name, IEnumerable<string> terms) =>
            $$"""{{name}}": [{"type": "TXT", "value": ["v=spf1 {{string.Join(' ', terms)}} -all"]}]""";
        var parts = Enumerable.Range(0, 9).Select(p =>
            Record($"p{p}.test", Enumerable.Range(0, 200).Select(i => $"ip4:10.{p}.{i}.7")));
        var whole = Record("long.test",
            [.. Enumerable.Range(0, 9).Select(p => $"include:p{p}.test"), "ip4:10.0.0.0/8"]);
        using var server = new ZoneServer(
            JsonDocument.Parse($"{{\"{string.Join(",\"", parts.Append(whole))}}}").RootElement);
        var watch = Stopwatch.StartNew();

        var verdicts = await new SpfSources(new() { Servers = [server.EndPoint] }).AskAsync("long.test",
            ["ip4:10.0.0.0/8", .. Enumerable.Range(0, 20).Select(i => $"ip4:10.{i}.0.0/16")]);

        Assert.All(verdicts, v => Assert.NotEqual(SourceOutcome.Refused, v.Outcome));
        Assert.Contains(verdicts, v => v is { Term: "ip4:10.0.0.0/8", Outcome: SourceOutcome.Unasked });
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }
}
