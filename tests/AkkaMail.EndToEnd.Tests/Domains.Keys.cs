using System.Net;
using System.Text;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>The keys of a domain: their rotation, and where they lie.</summary>
public partial class Domains
{
    [Fact]
    public async Task After_a_rotation_what_was_accepted_before_is_signed_with_the_old_keys_and_both_verify()
    {
        await Verified(Admin);
        var waiting = (await Admin.Send(Mail($"greylist@{_to}", $"shop@{_domain}")))[0];
        await Admin.Story(waiting, s => s.Status == "deferred");

        var rotated = await Call(Admin, HttpMethod.Post, $"/v1/domains/{_domain}/rotate", HttpStatusCode.OK, "{}");

        Assert.Equal(["retiring", "active", "retiring", "active", "pending", "pending"], States(rotated));
        await Call(Admin, HttpMethod.Post, $"/v1/domains/{_domain}/rotate", HttpStatusCode.Conflict, "{}");
        await server.Publish(_domain);   // With both keys, and the ones after them.
        var fresh = await Judge(await Send(Admin, $"bob@{_to}"));
        Assert.Equal(["rsa-sha256 pass akkamail-r2", "ed25519-sha256 pass akkamail-e2"], Signatures(fresh));
        Assert.Equal("delivered", (await Admin.Ended(waiting)).Status);
        var old = await Judge(Sunk($"greylist@{_to}"));
        Assert.Equal(["rsa-sha256 pass akkamail-r1", "ed25519-sha256 pass akkamail-e1"], Signatures(old));
        Assert.Equal(("pass", "pass"), (old.Spf, old.Dmarc));
    }

    [Fact]
    public async Task No_file_no_table_and_no_line_has_a_private_key_in_clear_and_a_restart_signs_as_before()
    {
        await Verified(Admin);
        var first = await Judge(await Send(Admin, $"ann@{_to}"));

        await server.Installation.WhileStopped(() =>
        {
            // How every RSA-2048 and Ed25519 key in PKCS#8 begins, as bytes and in base64.
            byte[] rsa =
            [
                0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
                0x05, 0x00, 0x04,
            ];
            byte[] ed25519 =
                [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
            byte[][] clear =
            [
                rsa, ed25519, Encoding.ASCII.GetBytes("MC4CAQAwBQYDK2Vw"),
                Encoding.ASCII.GetBytes("IBADANBgkqhkiG9w0BAQEFAAS"), Encoding.ASCII.GetBytes("PRIVATE KEY"),
            ];
            var places = server.Installation.Places().ToList();
            Assert.Contains(places, p => p.Name is "secrets.db" or "secrets.secrets");
            Assert.All(places, place => Assert.All(clear,
                secret => Assert.True(place.Octets.AsSpan().IndexOf(secret) < 0, place.Name)));
            Assert.DoesNotContain("PRIVATE KEY", server.Installation.Server.Output, StringComparison.Ordinal);
            return Task.CompletedTask;
        });

        var second = await Judge(await Send(Admin, $"bob@{_to}"));
        Assert.Equal(Signatures(first), Signatures(second));
    }
}
