using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Who may speak in a session, from its first word to the end of the server.</summary>
public sealed partial class Submission
{
    [Fact]
    public async Task A_key_that_is_revoked_ends_a_session_that_is_open()
    {
        using var client = await LoggedIn();
        await client.SendAsync(Mail("First"));
        var id = (string)JsonNode.Parse(await Api.Http.GetStringAsync("/v1/keys"))!["keys"]!.AsArray()
            .First(k => (string?)k!["tenant"] == _shop)!["id"]!;
        Assert.Equal(HttpStatusCode.NoContent, await Api.Status(HttpMethod.Delete, $"/v1/keys/{id}"));

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(Mail("Second")));

        Assert.Contains("no longer good", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await server.Accepted(_shop));
    }

    [Fact]
    public async Task A_suspended_tenant_is_told_to_wait_also_in_a_session_that_is_open()
    {
        using var client = await LoggedIn(user: _shop, key: AkkaMail.Rig.ServerProcess.AdminKey);
        Assert.Equal(HttpStatusCode.OK,
            await Api.Status(HttpMethod.Patch, $"/v1/tenants/{_shop}", """{"suspended":true}"""));

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail("x")));
        var later = await Assert.ThrowsAnyAsync<Exception>(
            () => LoggedIn(user: _shop, key: AkkaMail.Rig.ServerProcess.AdminKey));

        Assert.Contains("suspended", refused.Message, StringComparison.Ordinal);
        Assert.Contains("suspended", later.Message, StringComparison.Ordinal);
        Assert.Equal(0, await server.Accepted(_shop));
    }

    [Fact]
    public async Task A_server_that_stops_tells_its_idle_clients_and_waits_for_none()
    {
        using var client = await LoggedIn();
        await Shop.Ended($"{IdIn(await client.SendAsync(Mail("First")))}-0");
        var began = TimeProvider.System.GetTimestamp();

        await server.Installation.WhileStopped(async () =>
        {
            // Not the host's 30 s.
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
            var ended = await Assert.ThrowsAnyAsync<Exception>(() => client.NoOpAsync());
            Assert.Contains("4.3.2", ended.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_key_with_all_rights_sends_as_the_tenant_its_user_name_names()
    {
        using var client = await LoggedIn(user: _shop, key: AkkaMail.Rig.ServerProcess.AdminKey);
        await client.SendAsync(Mail("Receipt"));
        Assert.Equal(1, await server.Accepted(_shop));

        await Assert.ThrowsAsync<AuthenticationException>(
            () => LoggedIn(user: $"{_shop}p", key: AkkaMail.Rig.ServerProcess.AdminKey));
        using var astray = await LoggedIn(user: "apikey", key: AkkaMail.Rig.ServerProcess.AdminKey);
        await Assert.ThrowsAsync<SmtpCommandException>(() => astray.SendAsync(Mail("Receipt")));   // As default.
    }
}
