using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>The keys of a domain: their rotation, where they lie, and what happens without them.</summary>
public sealed partial class Domains
{
    [Fact]
    public async Task After_a_rotation_what_was_accepted_before_is_signed_with_the_old_keys_and_both_verify()
    {
        await Verified(Admin);
        var waiting = (await Admin.Send(Mail($"greylist@d1.test", $"shop@{Domain}")))[0];
        await Admin.Story(waiting, s => s.Status == "deferred");

        var rotated = await Call(Admin, HttpMethod.Post, $"/v1/domains/{Domain}/rotate", HttpStatusCode.OK, "{}");

        Assert.Equal(["retiring", "active", "retiring", "active", "pending", "pending"], States(rotated));
        await Call(Admin, HttpMethod.Post, $"/v1/domains/{Domain}/rotate", HttpStatusCode.Conflict, "{}");
        await Publish();   // With both keys, and the ones after them.
        var fresh = await Judge(await Send(Admin, "bob@d1.test"));
        Assert.Equal(["rsa-sha256 pass akkamail-r2", "ed25519-sha256 pass akkamail-e2"], Signatures(fresh));
        Assert.Equal("delivered", (await Admin.Ended(waiting)).Status);
        var old = await Judge(Sunk("greylist@d1.test"));
        Assert.Equal(["rsa-sha256 pass akkamail-r1", "ed25519-sha256 pass akkamail-e1"], Signatures(old));
        Assert.Equal(("pass", "pass"), (old.Spf, old.Dmarc));
    }

    [Fact]
    public async Task No_file_and_no_line_has_a_private_key_in_clear_and_a_restart_signs_as_before()
    {
        await Verified(Admin);
        var first = await Judge(await Send(Admin, "ann@d1.test"));

        await _installation.Restart();

        var second = await Judge(await Send(Admin, "bob@d1.test"));
        Assert.Equal(Signatures(first), Signatures(second));
        await _installation.Server.Stop();
        // How every RSA-2048 and Ed25519 key in PKCS#8 begins, as bytes and in base64.
        byte[] rsa = [0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x04];
        byte[] ed25519 = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        byte[][] clear =
        [
            rsa, ed25519, Encoding.ASCII.GetBytes("MC4CAQAwBQYDK2Vw"), Encoding.ASCII.GetBytes("IBADANBgkqhkiG9w0BAQEFAAS"),
            Encoding.ASCII.GetBytes("PRIVATE KEY"),
        ];
        var files = Directory.GetFiles(_installation.Directory, "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.EndsWith("secrets.db", StringComparison.Ordinal));
        Assert.All(files, file => Assert.All(clear,
            secret => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(secret))));
        Assert.DoesNotContain("PRIVATE KEY", _installation.Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_key_a_mail_waits_and_does_not_leave_unsigned()
    {
        await Verified(Admin);
        await _installation.Server.Stop();
        _installation.Kill();
        foreach (var file in Directory.GetFiles(_installation.Directory, "secrets.db*")) await DropKeys(file);
        await _installation.Up();

        var id = (await Admin.Send(Mail("ann@d1.test", $"shop@{Domain}")))[0];

        var story = await Admin.Story(id, s => s.Status == "deferred");
        var text = await Admin.StoryText(id);
        Assert.Contains("signing key", text, StringComparison.Ordinal);
        Assert.Equal(0, _sink.Count);
        using var raw = await Admin.Http.GetAsync($"/v1/messages/{id}/raw");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, raw.StatusCode);
        Assert.Equal("deferred", story.Status);
    }

    [Fact]
    public async Task Without_its_key_ring_the_server_says_what_to_restore()
    {
        await _installation.Server.Stop();
        _installation.Kill();
        Directory.Delete(Path.Combine(_installation.Directory, "protection"), recursive: true);

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(_installation.Up);

        Assert.Contains("restore 'protection'", failed.Message, StringComparison.Ordinal);
    }

    private static async Task DropKeys(string file)
    {
        if (!file.EndsWith("secrets.db", StringComparison.Ordinal)) return;
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM secrets WHERE name LIKE 'dkim/%'";
        Assert.Equal(4, await command.ExecuteNonQueryAsync());
    }
}
