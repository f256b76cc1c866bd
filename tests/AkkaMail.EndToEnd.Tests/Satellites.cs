using System.Diagnostics;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Mail servers of an application's host, as Debian sets them up, that hand all mail to us: what they do with many
/// connections is not ours to choose, and each refusal is a mail that comes minutes later.
/// </summary>
[Collection(Alone.Name)]
public sealed class Satellites(Strict server) : IClassFixture<Strict>
{
    private const int Mails = 1_000;

    [Fact]
    public Task A_Postfix_hands_in_a_thousand_mails_without_a_refusal() =>
        HandIn(key => MailHop.PostfixAsync(server.SmtpPort, key), "status=deferred", "status=bounced");

    [MountFact]
    public Task An_Exim_hands_in_a_thousand_mails_without_a_refusal() =>
        HandIn(key => MailHop.EximAsync(server.SmtpPort, key), " == ", " ** ");

    /// <param name="start">With a key.</param>
    /// <param name="refused">What stands in its log at a mail that was not taken.</param>
    private async Task HandIn(Func<string, Task<MailHop>> start, params string[] refused)
    {
        var (app, ours, to) = (World.Mails.Unique("app"), $"{World.Mails.Unique("app")}.test", server.Domain());
        await server.Installation.Make("/v1/tenants", new { name = app });
        await server.Verify(ours, app);
        var made = await server.Installation.Make("/v1/keys", new { name = "k", scopes = new[] { "send" } }, app);
        await using var satellite = await start((string)made["key"]!);

        using var source = Process.Start("smtp-source",
            ["-d", "-s", "2", "-m", $"{Mails}", "-l", "2000", "-f", $"cron@{ours}", "-t", $"root@{to}",
             $"127.0.0.1:{satellite.Port}"]);
        await source.WaitForExitAsync();
        Assert.Equal(0, source.ExitCode);

        await Wait.Until(() => server.SunkAt(to).Count >= Mails || refused.Any(satellite.Log.Contains),
            TimeSpan.FromMinutes(4),
            () => $"{server.SunkAt(to).Count} mails, {satellite.Log[^Math.Min(satellite.Log.Length, 2_000)..]}");
        var said = string.Join("\n", satellite.Log.Split("\n").Where(line => refused.Any(line.Contains)));
        Assert.True(said.Length == 0, said);
        Assert.Equal(Mails, server.SunkAt(to).Count);
        Assert.Equal(Mails, await server.Accepted(app));
    }
}
