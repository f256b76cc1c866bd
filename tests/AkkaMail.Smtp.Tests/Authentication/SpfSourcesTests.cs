using System.Text.Json;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Authentication;

namespace AkkaMail.Smtp.Tests.Authentication;

/// <summary>Our sources are asked about as receivers would ask, whatever the record is like.</summary>
public sealed class SpfSourcesTests
{
    private const string Zone = """
        {
          "ours.test": [{"type": "TXT", "value": ["v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"]}],
          "half.test": [{"type": "TXT", "value": ["v=spf1 ip4:192.0.2.0/25 -all"]}],
          "mail.test": [{"type": "A", "value": ["192.0.2.7"]}, {"type": "AAAA", "value": ["2001:db8::7"]}],
          "include.test": [{"type": "TXT", "value": ["v=spf1 include:ours.test ~all"]}],
          "redirect.test": [{"type": "TXT", "value": ["v=spf1 redirect=ours.test"]}],
          "late.test": [{"type": "TXT", "value": ["v=spf1 -all ip4:192.0.2.7"]}],
          "broken.test": [{"type": "TXT", "value": ["v=spf1 ip4:192.0.2.7/33 ~all"]}],
          "silent.test": [{"type": "TXT", "value": ["v=spf1 include:away.test ip4:192.0.2.7 ~all"]}],
          "holed.test": [{"type": "TXT", "value": ["v=spf1 -ip4:192.0.2.77 ip4:192.0.2.0/24 -all"]}],
          "pieces.test": [{"type": "TXT", "value": ["v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all"]}],
          "each.test": [{"type": "TXT", "value": ["v=spf1 exists:%{i}.each.test -all"]}],
          "192.0.2.0.each.test": [{"type": "A", "value": ["127.0.0.2"]}],
          "192.0.2.255.each.test": [{"type": "A", "value": ["127.0.0.2"]}],
          "deep.test": [{"type": "TXT", "value": ["v=spf1 include:half.test redirect=include.test"]}],
          "away.test": [{"type": "TIMEOUT"}]
        }
        """;

    [Theory]
    [InlineData("ours.test", "ip4:192.0.2.7", "Passes")]
    [InlineData("include.test", "ip4:192.0.2.7", "Passes")]
    [InlineData("redirect.test", "a:mail.test", "Passes,Passes")]
    [InlineData("include.test", "ip4:192.0.2.0/24", "Passes")]
    [InlineData("half.test", "ip4:192.0.2.0/24", "Passes,Refused")]
    [InlineData("ours.test", "ip4:192.0.2.0/23", "Passes,Refused")]
    [InlineData("deep.test", "ip4:192.0.2.0/24", "Passes,Passes")]
    [InlineData("ours.test", "ip6:2001:db8::/48", "Passes")]
    [InlineData("ours.test", "ip6:::/0", "Refused,Passes,Refused")]
    [InlineData("ours.test", "a:mail.test/23//33", "Passes,Refused,Passes")]
    // One address in a network that is left out, which no sample would meet.
    [InlineData("holed.test", "ip4:192.0.2.0/24", "Passes,Refused,Passes")]
    [InlineData("pieces.test", "ip4:192.0.2.0/24", "Passes,Passes")]
    // Where every address would be asked about: the first, the middle and the last.
    [InlineData("each.test", "ip4:192.0.2.0/24", "Passes,Refused,Passes")]
    [InlineData("late.test", "ip4:192.0.2.7", "Refused")]
    [InlineData("broken.test", "ip4:192.0.2.7", "Error")]
    [InlineData("silent.test", "ip4:192.0.2.7", "Unknown")]
    [InlineData("nothing.test", "ip4:192.0.2.7", "Refused")]
    [InlineData("ours.test", "ip6:::ffff:192.0.2.7", "Passes")]
    [InlineData("ours.test", "include:nothing.test", "Refused")]
    [InlineData("ours.test", "nonsense", "")]
    public async Task Each_address_of_a_term_has_a_verdict(string host, string term, string outcomes)
    {
        using var server = new ZoneServer(JsonDocument.Parse(Zone).RootElement);

        var verdicts = await new SpfSources(new() { Servers = [server.EndPoint] }).AskAsync(host, [term]);

        Assert.Equal(outcomes, string.Join(',', verdicts.Select(v => v.Outcome)));
        Assert.All(verdicts, v => Assert.Equal(term, v.Term));
    }

    [Fact]
    public void A_name_of_a_hundred_thousand_labels_is_cut_at_once()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var name = SpfMacros.Expand(
            string.Concat(Enumerable.Repeat("a.", 100_000)) + "b.test", System.Net.IPAddress.Loopback, "x@a.test", "", "a.test", "");

        Assert.Equal(252, name.Length);   // With one label more it would be 254.
        Assert.EndsWith("a.b.test", name, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }
}
