using System.Text;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Sending;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

/// <summary>A smarthost for user <c>bob</c> with password <c>s3cret</c>.</summary>
public sealed class SmarthostTests : IDisposable
{
    private readonly TestCa _ca = new();
    private readonly List<string> _heard = [];
    private string _extensions = "STARTTLS";
    private bool _isImplicit;

    public void Dispose() => _ca.Dispose();

    private ScriptedServer Server() => new(async (peer, _) =>
    {
        using var certificate = _ca.Issue("127.0.0.1");
        if (_isImplicit) await peer.Encrypt(certificate);
        var isEncrypted = _isImplicit;
        await peer.Serve(async line =>
        {
            lock (_heard) _heard.Add(line);
            switch (line.Split(' '))
            {
                case ["EHLO", ..]:
                    await peer.Say($"250-smarthost.test\r\n250 {(isEncrypted ? "AUTH PLAIN" : _extensions)}");
                    return true;
                case ["STARTTLS"]:
                    await peer.Say("220 go ahead");
                    await peer.Encrypt(certificate);
                    return isEncrypted = true;
                case ["AUTH", "PLAIN", var token]:
                    var isGood = Encoding.UTF8.GetString(Convert.FromBase64String(token)) == "\0bob\0s3cret";
                    await peer.Say(isGood ? "235 2.7.0 welcome" : "535 5.7.8 Error: no login for Bob");
                    return true;
                case ["AUTH", "LOGIN"]:
                    await peer.Say("334 VXNlcm5hbWU6");
                    await peer.Hear();
                    await peer.Say("334 UGFzc3dvcmQ6");
                    var password = Encoding.UTF8.GetString(Convert.FromBase64String(await peer.Hear()));
                    await peer.Say(password == "s3cret" ? "235 welcome" : "454 4.7.0 wrong of bob: try again");
                    return true;
                case ["RCPT", ..]:
                    await peer.Say("250 2.1.5 bob may");
                    return true;
                case ["."]:
                    await peer.Say("250 2.0.0 queued for bob");
                    return true;
                default: return false;
            }
        });
    });

    private SmtpDelivery Delivery(string? password = "s3cret") => Deliveries.To(1, Mail(), o => o with
    {
        TrustedRoots = _ca.Roots,
        Secret = name => name == "ESP_PASSWORD" ? password : null,
    });

    private Route By(ScriptedServer server, TlsPolicy tls = TlsPolicy.Verified) => Way with
    {
        Source = new()
        {
            Name = "esp",
            Smarthost = new("127.0.0.1", server.Port, "bob", "ESP_PASSWORD", tls) { ImplicitTls = _isImplicit },
        },
        Site = Smarthost.Site,
        Limits = Allowing(new() { Tls = TlsPolicy.Disabled }),   // The smarthost's own policy holds, not the one of sites.
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mail_goes_to_the_smarthost_encrypted_and_logged_in_once(bool isImplicit)
    {
        _isImplicit = isImplicit;
        await using var server = Server();
        await using var delivery = Delivery();

        var attempts = new[] { await delivery.Once(By(server)), await delivery.Once(By(server)) };

        Assert.All(attempts, a => Assert.Equal((250, "TLSv1.3", "esp"), (a.Reply.Code, a.Tls, a.Source)));
        Assert.All(attempts, a => Assert.Equal($"127.0.0.1[127.0.0.1]:{server.Port}", a.Mx));
        Assert.All(attempts, a => Assert.Equal("queued for {user}", a.Reply.Text));
        Assert.Equal(1, server.Connections);
        Assert.Single(_heard, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_password_is_the_smarthosts_refusal_and_names_nobody()
    {
        await using var server = Server();
        await using var delivery = Delivery(password: "guess");

        var attempt = await delivery.Once(By(server));

        Assert.Equal(new(535, new(5, 7, 8), "Error: no login for {user}"), attempt.Reply);
        Assert.Equal((AttemptEnd.Answered, SmtpStep.Auth, 1), (attempt.End, attempt.Step, server.Connections));
    }

    [Fact]
    public async Task Without_the_password_in_the_environment_nobody_is_bothered()
    {
        await using var server = Server();
        await using var delivery = Delivery(password: null);

        var attempt = await delivery.Once(By(server));

        Assert.Equal("The smarthost's password is not in the environment: ESP_PASSWORD is not set", attempt.Reply.Text);
        Assert.Equal((0, SmtpStep.Auth, 0), (attempt.Reply.Code, attempt.Step, server.Connections));
    }

    [Theory]
    [InlineData(TlsPolicy.Opportunistic, SmtpStep.Auth)]
    [InlineData(TlsPolicy.Required, SmtpStep.StartTls)]
    [InlineData(TlsPolicy.Verified, SmtpStep.StartTls)]
    public async Task A_password_is_not_sent_in_plain_text(TlsPolicy tls, SmtpStep step)
    {
        _extensions = "AUTH PLAIN LOGIN";
        await using var server = Server();
        await using var delivery = Delivery();

        var attempt = await delivery.Once(By(server, tls));

        Assert.Equal((0, step), (attempt.Reply.Code, attempt.Step));
        Assert.DoesNotContain(_heard, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AUTH PLAIN")]
    [InlineData("AUTH LOGIN")]
    public async Task It_is_sent_in_plain_text_where_the_operator_has_said_so(string extensions)
    {
        _extensions = extensions;
        await using var server = Server();
        await using var delivery = Delivery();

        var attempt = await delivery.Once(By(server, TlsPolicy.Disabled));

        Assert.Equal((250, null), (attempt.Reply.Code, attempt.Tls));
    }

    [Theory]
    [InlineData("AUTH LOGIN", 454, "{password} of {user}: try again")]
    [InlineData("AUTH NTLM GSSAPI XOAUTH2", 0, "The smarthost offers no AUTH that we know")]
    [InlineData("PIPELINING", 0, "The smarthost offers no AUTH that we know")]
    public async Task What_keeps_us_from_logging_in_is_said_without_secrets(string extensions, int code, string words)
    {
        _extensions = extensions;
        await using var server = Server();
        await using var delivery = Delivery("wrong");

        var attempt = await delivery.Once(By(server, TlsPolicy.Disabled));

        Assert.Equal((code, words, SmtpStep.Auth), (attempt.Reply.Code, attempt.Reply.Text, attempt.Step));
    }

    [Fact]
    public async Task A_smarthost_that_wants_a_login_has_not_judged_the_message()
    {
        await using var server = new ScriptedServer((peer, _) => peer.Serve(async line =>
        {
            if (!line.StartsWith("MAIL", StringComparison.Ordinal)) return false;
            await peer.Say("530 5.7.0 Authentication required");
            return true;
        }));
        await using var delivery = Delivery();
        var host = new Smarthost("127.0.0.1", server.Port, null, null, TlsPolicy.Disabled);

        var attempt = await delivery.Once(Way with { Source = new() { Name = "esp", Smarthost = host } });

        Assert.Equal((530, SmtpStep.Auth), (attempt.Reply.Code, attempt.Step));
    }

    [Fact]
    public async Task A_smarthost_without_a_user_just_gets_the_mail()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var delivery = Delivery();
        var host = new Smarthost("localhost", sink.Port, null, null, TlsPolicy.Opportunistic);

        var attempt = await delivery.Once(Way with { Source = new() { Name = "esp", Smarthost = host } });

        Assert.True(attempt.Reply.IsAccepted);
    }
}
