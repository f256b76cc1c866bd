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
          "away.test": [{"type": "TIMEOUT"}]
        }
        """;

    [Theory]
    [InlineData("ours.test", "ip4:192.0.2.7", "Passes")]
    [InlineData("include.test", "ip4:192.0.2.7", "Passes")]
    [InlineData("redirect.test", "a:mail.test", "Passes,Passes")]
    [InlineData("include.test", "ip4:192.0.2.0/24", "Passes,Passes,Passes")]
    [InlineData("half.test", "ip4:192.0.2.0/24", "Passes,Refused,Refused")]
    [InlineData("ours.test", "ip4:192.0.2.0/23", "Passes,Refused,Refused")]
    [InlineData("late.test", "ip4:192.0.2.7", "Refused")]
    [InlineData("broken.test", "ip4:192.0.2.7", "Error")]
    [InlineData("silent.test", "ip4:192.0.2.7", "Unknown")]
    [InlineData("nothing.test", "ip4:192.0.2.7", "Refused")]
    [InlineData("ours.test", "include:relay.test", "")]
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
