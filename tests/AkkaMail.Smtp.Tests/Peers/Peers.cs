using System.Diagnostics;
using System.Text.Json;

namespace AkkaMail.Smtp.Tests.Peers;

/// <summary>What mailauth says of a mail.</summary>
internal sealed record Verdict(
    string Name, SignatureVerdict[] Dkim, string Spf, string Dmarc, string Arc, string ArcComment);

internal sealed record SignatureVerdict(
    string Result, string Algorithm, string Domain, string Selector, bool Aligned, string Comment, string[] OverSigned);

/// <summary>Where a mail came from, for SPF.</summary>
internal sealed record Sender(string Ip, string Helo, string MailFrom);

/// <summary>Mails in a directory, for foreign programs to read; named so that they come back in order.</summary>
internal sealed class MailDirectory : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-mails-").FullName;
    private int _count;

    public void Add(byte[] mail, Sender? sender = null)
    {
        var name = Path.Combine(_path, $"{_count++:0000}");
        File.WriteAllBytes($"{name}.eml", mail);
        if (sender is not null)
            File.WriteAllText($"{name}.json", JsonSerializer.Serialize(
                new { ip = sender.Ip, helo = sender.Helo, sender = sender.MailFrom }));
    }

    /// <summary>npm mailauth, in the order the mails were added.</summary>
    public Task<List<Verdict>> MailauthAsync(Zone zone) => MailauthAsync(zone.EndPoint.ToString());

    /// <inheritdoc cref="MailauthAsync(Zone)"/>
    public async Task<List<Verdict>> MailauthAsync(string dnsServer)
    {
        var script = Path.Combine(Source(), "verify.js");
        var lines = await RunAsync("node", [script, _path, dnsServer]);
        return [.. lines.Select(l => JsonSerializer.Deserialize<Verdict>(l, Json)!)];
    }

    /// <summary>Whether opendkim-testmsg takes each mail; it needs a mount.</summary>
    public async Task<List<bool>> OpenDkimAsync(Zone zone)
    {
        var lines = await RunAsync(
            "sh", [Path.Combine(Source(), "opendkim.sh"), _path, zone.EndPoint.Address.ToString()]);
        return [.. lines.Select(l => l.Split(' ')[1] == "0")];
    }

    /// <summary>Where node_modules is: in tests/Peers/mail of the source, not copied with each build.</summary>
    private static string Source([System.Runtime.CompilerServices.CallerFilePath] string file = "")
    {
        for (var above = Path.GetDirectoryName(file); above is not null; above = Path.GetDirectoryName(above))
            if (Path.Combine(above, "Peers", "mail") is var mail && Directory.Exists(mail)) return mail;
        throw new DirectoryNotFoundException($"no Peers/mail above {file}");
    }

    private static async Task<List<string>> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
