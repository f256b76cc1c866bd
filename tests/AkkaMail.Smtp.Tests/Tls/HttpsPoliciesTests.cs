using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Tests.Resolving;
using AkkaMail.Smtp.Tests.Sending;
using AkkaMail.Smtp.Tls;

namespace AkkaMail.Smtp.Tests.Tls;

public sealed class HttpsPoliciesTests(Dnsmasq dns) : IClassFixture<Dnsmasq>, IDisposable
{
    private const string Plain = "Content-Type: text/plain; charset=utf-8\r\n";

    private readonly TestCa _ca = new();
    private string _request = "";

    public void Dispose() => _ca.Dispose();

    private async Task<FetchedPolicy> Fetch(
        string answer, string certificateFor = "mta-sts.d0.test", string domain = "d0.test")
    {
        using var certificate = _ca.Issue(certificateFor);
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.Encrypt(certificate);
            _request = await peer.Hear();
            while ((await peer.Hear()).Length > 0) { }
            await peer.Say(answer);
        });
        var resolver = new MxResolver(new() { Servers = [dns.EndPoint], Guard = Dnsmasq.Guard }, TimeProvider.System, _ => 0);
        using var policies = new HttpsPolicies(resolver, server.Port, _ca.Roots);
        return await policies.FetchAsync(domain);
    }

    private static string Ok(string headers, string body) =>
        $"HTTP/1.1 200 OK\r\n{headers}Content-Length: {body.Length + 2}\r\n\r\n{body}";

    [Fact]
    public async Task A_policy_file_is_fetched()
    {
        var fetched = await Fetch(Ok(Plain, "version: STSv1"));

        Assert.Equal(new("version: STSv1\r\n"), fetched);
        Assert.Equal("GET /.well-known/mta-sts.txt HTTP/1.1", _request);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("Text/Plain")]
    [InlineData("TEXT/PLAIN;charset=UTF-8")]
    [InlineData("text/plain ; charset=utf-8;")]
    [InlineData("text/plain; charset")]
    public async Task Plain_text_is_plain_text_in_any_case_and_with_any_parameters(string type) =>
        Assert.Equal(new("version: STSv1\r\n"), await Fetch(Ok($"Content-Type: {type}\r\n", "version: STSv1")));

    public static TheoryData<string, TlsResult> Answers => new()
    {
        { "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n", TlsResult.StsPolicyFetchError },
        { "HTTP/1.1 301 Moved\r\nLocation: https://d0.test/\r\nContent-Length: 0\r\n", TlsResult.StsPolicyFetchError },
        { Ok("Content-Type: text/html\r\n", "version: STSv1"), TlsResult.StsPolicyInvalid },
        { Ok(Plain, new string('x', 70_000)), TlsResult.StsPolicyInvalid },
        { "what?", TlsResult.StsPolicyFetchError },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_is_no_policy_file_is_refused(string answer, TlsResult problem) =>
        Assert.Equal(new(null, problem), await Fetch(answer));

    [Fact]
    public async Task A_certificate_for_another_name_is_refused() =>
        Assert.Equal(new(null, TlsResult.StsWebPkiInvalid), await Fetch(Ok(Plain, ""), "www.d0.test"));

    [Fact]
    public async Task A_host_that_does_not_exist_is_a_fault_of_fetching() =>
        Assert.Equal(new(null, TlsResult.StsPolicyFetchError), await Fetch("", domain: "d1.test"));
}
