using System.Globalization;
using System.Reflection;
using System.Text;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Sdk;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// The programs of docs/sending/languages, run as they stand there, but for host, port and addresses: TLS is verified,
/// and the mail arrives.
/// </summary>
[Collection(Strict.Name)]
public sealed class Languages(Strict server) : IAsyncLifetime
{
    private readonly string _tenant = Mails.Unique("language"), _ours = $"{Mails.Unique("shop")}.test";
    private readonly string _theirs = server.Domain(), _directory = ThisBuild.NewDirectory("language");
    private string _key = "";

    public async Task InitializeAsync()
    {
        await server.Installation.Make("/v1/tenants", new { name = _tenant });
        _key = (string)(await server.Installation.Make(
            "/v1/keys", new { name = "k", scopes = new[] { "send" } }, _tenant))["key"]!;
        await server.Verify(_ours, _tenant);
    }

    [Theory]
    [Language("python", "python", "send.py", "python3 send.py")]
    [Language("node", "js", "send.mjs", "node send.mjs")]
    [Language("php", "php", "send.php", "php send.php")]
    [Language("ruby", "ruby", "send.rb", "ruby send.rb")]
    [Language("go", "go", "send.go", "go run send.go")]
    [Language("java", "java", "Send.java", "java Send.java")]
    [Language("csharp", "csharp", "Send.cs", "dotnet run Send.cs", Before = "#:property PublishAot=false\n")]
    public async Task A_mail_goes_by_HTTP(string page, string language, string file, string command, string before)
    {
        var ran = await Run(page, language, 0, file, command, before);

        Assert.Contains((await Arrived()).Id, ran.Said, StringComparison.Ordinal);
    }

    [Theory]
    [Language("python", "python", "send.py", "python3 send.py")]
    [Language("node", "js", "send.mjs", "node send.mjs", Needs = "tests/Peers/mail/node_modules/nodemailer")]
    [Language("php", "php", "send.php", "php -d openssl.cafile=$SSL_CERT_FILE send.php",
        Needs = "/usr/share/php/libphp-phpmailer/autoload.php")]
    [Language("ruby", "ruby", "send.rb", "ruby send.rb")]
    [Language("go", "go", "send.go", "go run send.go")]
    [Language("java", "java", "Send.java", "keytool -importcert -noprompt -file $SSL_CERT_FILE -keystore trust "
        + "-storepass secret 2>/dev/null && java -Djavax.net.ssl.trustStore=trust -Djavax.net.ssl.trustStorePassword=secret "
        + "-cp /usr/share/java/jakarta-mail.jar:/usr/share/java/jakarta-activation.jar Send.java",
        Needs = "/usr/share/java/jakarta-mail.jar")]
    [Language("csharp", "csharp", "Send.cs", "dotnet run Send.cs", Before = "#:package MailKit@4.18.2\n")]
    public async Task A_mail_goes_by_SMTP(string page, string language, string file, string command, string before)
    {
        await Run(page, language, 1, file, command, before);

        await Arrived();
    }

    /// <summary>The one message there is, once it is delivered as it was meant.</summary>
    private async Task<Story> Arrived()
    {
        using var api = new Api(server.Installation.Server.Url, tenant: _tenant);
        List<Story> all = [];
        await Wait.Until(
            async () => (all = await api.All("")) is [{ HasEnded: true }], seen: () => $"{all.Count} messages");
        Assert.Equal("delivered", all[0].Status);
        var mail = Encoding.UTF8.GetString(Assert.Single(server.SunkAt(_theirs)).Bytes);
        Assert.Contains("Subject: Your receipt\r\n", mail, StringComparison.Ordinal);
        Assert.Contains($"shop@{_ours}", mail, StringComparison.Ordinal);
        Assert.Contains("Thank you, Ann.", mail, StringComparison.Ordinal);
        return all[0];
    }

    private async Task<Typed> Run(string page, string language, int nth, string file, string command, string before)
    {
        var program = Pages.Blocks($"docs/sending/languages/{page}.md", language)[nth]
            .Replace("mail.example.com", "localhost", StringComparison.Ordinal)
            .Replace("587", server.SmtpPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("shop@example.com", $"shop@{_ours}", StringComparison.Ordinal)
            .Replace("ann@example.net", $"ann@{_theirs}", StringComparison.Ordinal)
            .Replace("vendor/autoload.php", "/usr/share/php/libphp-phpmailer/autoload.php", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_directory, file), before + program);
        Directory.CreateSymbolicLink(Path.Combine(_directory, "node_modules"),
            Path.Combine(ThisBuild.Root, "tests", "Peers", "mail", "node_modules"));

        var ran = await Pages.Run(command, _directory,
            ("AKKAMAIL_URL", server.Installation.Server.Url.ToString().TrimEnd('/')), ("AKKAMAIL_KEY", _key),
            ("SSL_CERT_FILE", server.CertificateFile), ("NODE_EXTRA_CA_CERTS", server.CertificateFile));
        Assert.True(ran.Code == 0, $"{ran.Said}\n{ran.Errors}");
        return ran;
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>
/// A program of a page in docs/sending/languages, and how it is run. Skipped, with the reason, where the language is
/// not at hand.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class LanguageAttribute(string page, string language, string file, string command) : DataAttribute
{
    /// <summary>What stands above the program: packages, where there is no project that names them.</summary>
    public string Before { get; set; } = "";

    /// <summary>A file that has to be there beside the language, from the root of the repository.</summary>
    public string Needs { get; set; } = "";

    public override string Skip => Missing() is { } missing ? $"{missing} is not installed" : null!;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[page, language, file, command, Before]];

    private string? Missing()
    {
        var program = command.Split(' ')[0];
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':');
        if (!path.Any(directory => File.Exists(Path.Combine(directory, program)))) return program;
        return Needs.Length > 0 && !Path.Exists(Path.Combine(ThisBuild.Root, Needs)) ? Needs : null;
    }
}
