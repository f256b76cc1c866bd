using AkkaMail.Server.Options;
using Microsoft.Extensions.Configuration;

namespace AkkaMail.Server.Tests.Options;

/// <summary>Hosts, addresses and networks that cannot work end the start, not a delivery days later.</summary>
public sealed class HostsTests
{
    private static IReadOnlyList<string> Faults(string name, string value)
    {
        var reader = new SettingsReader(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [$"AkkaMail:{name}"] = value }).Build());
        reader.Read<AkkaMailOptions>(AkkaMailOptions.Section);
        reader.Read<DeliveryOptions>(DeliveryOptions.Section);
        reader.Read<SmtpOptions>(SmtpOptions.Section);
        reader.Read<DnsOptions>(DnsOptions.Section);
        reader.Read<DomainsOptions>(DomainsOptions.Section);
        reader.Read<ClusterOptions>(ClusterOptions.Section);
        reader.FindUnknown();
        return reader.Faults;
    }

    [Theory]
    [InlineData("Delivery:EhloName", "bad name")]
    [InlineData("Delivery:EhloName", "x\r\nY")]
    [InlineData("Delivery:EhloName", "grüße.example")]
    [InlineData("Delivery:EhloName", "[192.0.2]")]
    [InlineData("Smtp:HostName", "x y")]
    [InlineData("Smtp:ReturnPathHost", "-bad-.example")]
    [InlineData("Smtp:Listen", "10:25")]
    [InlineData("Smtp:ListenTls", "::1:465")]
    [InlineData("Delivery:Relay", "smarthost")]
    [InlineData("Delivery:Relay", "smarthost:0")]
    [InlineData("Delivery:Relay", "a b:25")]
    [InlineData("Delivery:Relay", "::1:25")]
    [InlineData("Delivery:Relay", "[smarthost]:25")]
    [InlineData("Delivery:SourceAddress", "127.1")]
    [InlineData("Delivery:AllowNetworks", "10")]
    [InlineData("TrustedProxies", "10")]
    [InlineData("TrustedProxies", "010.0.0.1")]
    [InlineData("TrustedProxies", "10/8")]
    [InlineData("TrustedProxies", "::1%lo")]
    [InlineData("PublicUrl", "http://")]
    [InlineData("PublicUrl", "https://mail.example.com/?a=b")]
    [InlineData("PublicUrl", "https://mail. example.com")]
    [InlineData("AdminKey", "keykeykeykey\nkeykeykey")]
    [InlineData("AdminKey", "schlüsselschlüssel")]
    [InlineData("Dns:Servers", ",")]
    [InlineData("Dns:Servers", "127.0.0.1:53,")]
    [InlineData("Dns:Servers", "127.0.0.1:0")]
    [InlineData("Dns:Servers", "127.0.0.1")]
    [InlineData("Domains:SpfTerms", "ip4:999.1.1.1")]
    [InlineData("Domains:SpfTerms", "ip4:10")]
    [InlineData("Domains:SpfTerms", "ip4:192.0.2.0/33")]
    [InlineData("Domains:SpfTerms", "ip6:192.0.2.1")]
    [InlineData("Domains:TlsReports", "a@b@c.example")]
    [InlineData("Domains:ReturnPathMx", "a..b")]
    [InlineData("Domains:TrackingHost", "http://x")]
    [InlineData("Cluster:Host", "a b")]
    [InlineData("Cluster:Node", "x\ny")]
    [InlineData("Cluster:Node", "x y")]
    public void What_cannot_work_is_one_line_with_the_whole_name(string name, string value)
    {
        var fault = Assert.Single(Faults(name, value));

        Assert.StartsWith($"AkkaMail:{name} ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(fault, char.IsControl);
        if (name == "AdminKey") Assert.DoesNotContain(value[..8], fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Delivery:EhloName", "mail_1.example.com")]
    [InlineData("Delivery:EhloName", "[192.0.2.7]")]
    [InlineData("Delivery:EhloName", "[IPv6:2001:db8::1]")]
    [InlineData("Delivery:EhloName", "localhost")]
    [InlineData("Smtp:Listen", "0.0.0.0:25,[::]:587")]
    [InlineData("Delivery:Relay", "smarthost:587")]
    [InlineData("Delivery:Relay", "192.0.2.7:25")]
    [InlineData("Delivery:Relay", "[2001:db8::1]:25")]
    [InlineData("TrustedProxies", "10.0.0.7, 10.1.0.0/16,2001:db8::/32,::ffff:10.0.0.0/104")]
    [InlineData("PublicUrl", "https://mail.example.com/akkamail/")]
    [InlineData("PublicUrl", "http://127.0.0.1:8025")]
    [InlineData("Dns:Servers", "127.0.0.1:53, [::1]:53")]
    [InlineData("Domains:SpfTerms", "ip4:192.0.2.7/24 +ip6:2001:db8::1 include:spf.example.net a:mail.example.com/24")]
    [InlineData("Domains:DmarcReports", "dmarc@example.com")]
    [InlineData("Cluster:Host", "::1")]
    [InlineData("Cluster:Node", "node-1")]
    public void What_can_is_taken(string name, string value) => Assert.Empty(Faults(name, value));
}
