using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// A domain whose records or keys go: each time on a server of its own, which is not what it was afterwards.
/// </summary>
public sealed class DomainTrouble : IAsyncLifetime
{
    private const string Domain = "sender.test";

    private Dnsmasq _dns = null!;
    private TestSink.TestSink _sink = null!;
    private Installation? _installation;

    private Api Admin => _installation!.Api;

    public async Task InitializeAsync()
    {
        _dns = await Dnsmasq.Start();
        await _dns.Publish("us", "host-record=mail.engine.test,127.0.0.1");
        _sink = await TestSink.TestSink.StartAsync();
    }

    private async Task Start(params (string, string)[] settings) => _installation = await Installation.Resolving(
        _dns, _sink.Port,
        [
            ("AkkaMail__Domains__AllowUnverified", "false"), ("AkkaMail__Domains__SpfTerms", "ip4:127.0.0.0/8"),
            ("AkkaMail__Delivery__EhloName", "mail.engine.test"), .. settings,
        ]);

    [Fact]
    public async Task Without_its_key_a_mail_waits_and_does_not_leave_unsigned()
    {
        await Start();
        await Verified();
        await _installation!.Server.Stop();
        _installation.Kill();
        Assert.Equal(4, await _installation.Change("secrets", "DELETE FROM secrets WHERE name LIKE 'dkim/%'"));
        await _installation.Up();

        var id = (await Admin.Send(Mail))[0];

        var story = await Admin.Story(id, s => s.Status == "deferred");
        var text = await Admin.StoryText(id);
        Assert.Contains("signing key", text, StringComparison.Ordinal);
        Assert.Equal(0, _sink.Count);
        using var raw = await Admin.Http.GetAsync($"/v1/messages/{id}/raw");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, raw.StatusCode);
        Assert.Equal("deferred", story.Status);
    }

    [FilesFact("the key ring of a database is a table of it: Postgres/SecretKeys")]
    public async Task Without_its_key_ring_the_server_says_what_to_restore()
    {
        await Start();
        await _installation!.Server.Stop();
        _installation.Kill();
        Directory.Delete(Path.Combine(_installation.Directory, "protection"), recursive: true);

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => _installation.Up());

        Assert.Contains("restore 'protection'", failed.Message, StringComparison.Ordinal);
    }

    [FilesFact("the key ring of a database is a table of it: Postgres/SecretKeys")]
    public async Task A_key_ring_that_goes_while_it_runs_can_still_be_restored_and_is_a_reason_not_to_be_ready()
    {
        await Start();
        var (there, away) = (Path.Combine(_installation!.Directory, "protection"), Path.Combine(_installation.Directory, "away"));

        Directory.Move(there, away);
        await Wait.Until(async () => await Health() is (HttpStatusCode.ServiceUnavailable, var body)
            && body.Contains("\"key_ring\"", StringComparison.Ordinal));
        Directory.Move(away, there);
        await Wait.Until(async () => await Health() is (HttpStatusCode.OK, _));

        Assert.Contains("Not ready: key_ring: The key ring", _installation.Server.Output, StringComparison.Ordinal);
        Assert.Contains("Ready again", _installation.Server.Output, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode, string)> Health()
    {
        using var answer = await Admin.Http.GetAsync("/health/ready");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task On_schedule_a_domain_whose_records_go_is_failing_at_once_and_refused_after_its_grace()
    {
        await Start(("AkkaMail__Domains__CheckEvery", "00:00:01"), ("AkkaMail__Domains__Grace", "00:00:05"));
        await Verified();

        await _dns.Publish(Domain);

        await Wait.Until(async () => await State() == "failing");
        Assert.Equal("schedule",
            (string)JsonNode.Parse(await Admin.Http.GetStringAsync("/v1/audit"))!["events"]![0]!["by"]!);
        await Wait.Until(async () =>
        {
            using var answer = await Admin.Post(Mail);
            return answer.StatusCode == HttpStatusCode.UnprocessableEntity;
        });
        await Publish();
        await Wait.Until(async () => await State() == "verified");
        Assert.Equal("delivered", (await Admin.Ended((await Admin.Send(Mail))[0])).Status);
    }

    private static object Mail =>
        new { from = $"shop@{Domain}", to = "ann@d1.test", subject = "Receipt", text = "Thank you!\n" };

    private async Task Verified()
    {
        await _installation!.Make("/v1/domains", new { domain = Domain });
        await Publish();
        using var verified = await Admin.Http.PostAsync($"/v1/domains/{Domain}/verify", null);
        Assert.Equal("verified", await State());
    }

    private async Task Publish()
    {
        var zone = await Admin.Http.GetStringAsync($"/v1/domains/{Domain}/zone");
        await _dns.Publish(Domain, zone.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<string?> State() =>
        (string?)JsonNode.Parse(await Admin.Http.GetStringAsync($"/v1/domains/{Domain}"))!["state"];

    public async Task DisposeAsync()
    {
        _installation?.Dispose();
        await _sink.DisposeAsync();
        _dns.Dispose();
    }
}
