using System.Net;
using System.Text.Json;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Tests.Authentication;
using AkkaMail.Smtp.Tests.Peers;
using AkkaMail.Smtp.Tests.Signing;

namespace AkkaMail.Smtp.Tests.Resolving;

public sealed class DomainLookupTests
{
    private static DomainLookups Lookups(Zone zone) =>
        new(new() { Servers = [zone.EndPoint], Timeout = TimeSpan.FromSeconds(1) });

    [Fact]
    public async Task What_we_say_is_to_be_published_is_found_once_it_is()
    {
        await using var zone = await Zone.StartAsync(DnsRecords.For(Signed.Sending, Signed.Facts),
            // dnsmasq answers a CNAME only where it leads to something it knows.
            "host-record=link.engine.test,127.0.0.1", "host-record=sts.engine.test,127.0.0.1");

        var checks = await Lookups(zone).CheckAsync(Signed.Sending, Signed.Facts);

        Assert.All(checks, c =>
            Assert.Equal((c.Record.Name, RecordState.Found, null), (c.Record.Name, c.State, c.Advice)));
        Assert.Equal(9, checks.Length);
    }

    [Fact]
    public async Task Nothing_published_is_missing_and_no_answer_is_unknown()
    {
        await using var zone = await Zone.StartAsync([]);
        var checks = await Lookups(zone).CheckAsync(Signed.Sending, Signed.Facts);
        // It has no upstream for names outside "test" and refuses.
        var elsewhere = await Lookups(zone).CheckAsync(SendingDomain.Of("example.com"), Signed.Facts);

        Assert.All(checks, c => Assert.Equal(RecordState.Missing, c.State));
        Assert.All(elsewhere, c => Assert.Equal(RecordState.Unknown, c.State));
    }

    [Theory]
    [InlineData("TXT", "found")]
    [InlineData("A", "missing")]
    [InlineData("TIMEOUT", "unknown")]
    public async Task A_domain_below_another_has_its_DMARC_record(string type, string state)
    {
        using var server = new ZoneServer(JsonDocument.Parse(
            $$"""{"_dmarc.sender.test": [{"type": "{{type}}", "value": ["v=DMARC1; p=reject; sp=quarantine"]}]}""")
            .RootElement);

        var checks = await new DomainLookups(new() { Servers = [server.EndPoint] })
            .CheckAsync(SendingDomain.Of("news.sender.test"), Signed.Facts);

        var dmarc = checks.Single(c => c.Record.Purpose == RecordPurpose.Dmarc);
        Assert.Equal((state, "_dmarc.news.sender.test"), (dmarc.State.ToWord(), dmarc.Record.Name));
        Assert.Equal(state == "found" ? "quarantine" : null, dmarc.Policy);
    }

    [Theory]
    [InlineData("192.0.2.1", "out.test", "out.test")]
    [InlineData("192.0.2.2", "other.test", null)]    // Leads to another address.
    [InlineData("192.0.2.3", null, null)]
    [InlineData("2001:db8::1", "six.test", "six.test")]
    public async Task A_reverse_name_counts_when_it_leads_back(string address, string? name, string? confirmed)
    {
        await using var zone = await Zone.StartAsync([],
            "host-record=out.test,192.0.2.1", "host-record=six.test,2001:db8::1",
            "ptr-record=2.2.0.192.in-addr.arpa,other.test", "address=/other.test/192.0.2.9");

        var facts = await Lookups(zone).ReverseAsync(IPAddress.Parse(address), "out.test");

        Assert.Equal(name is null ? [] : [name], facts.Names!.Value.ToArray());
        Assert.Equal(confirmed, facts.Confirmed);
    }
}
