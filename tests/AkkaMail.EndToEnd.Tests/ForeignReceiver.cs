using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using AkkaMail.Smtp.Tests.Composing;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Postfix's smtp-sink takes the mail, Python reads it: our sender and our sink could share a misreading of the RFCs.
/// </summary>
public sealed class ForeignReceiver : IDisposable
{
    private readonly string _dumps = ThisBuild.NewDirectory("smtp-sink");
    private readonly int _port = ServerProcess.FreePort();
    private readonly Process _sink;

    public ForeignReceiver()
    {
        using (var open = Process.Start("chmod", ["777", _dumps])) open.WaitForExit();   // smtp-sink gives up root.
        var start = new ProcessStartInfo("/usr/sbin/smtp-sink",
            ["-u", "nobody", "-R", _dumps, "-d", "mail.", $"127.0.0.1:{_port}", "100"]);
        _sink = Process.Start(start)!;
    }

    [Fact]
    public async Task Postfix_takes_every_mail_and_Python_reads_each_as_it_was_sent()
    {
        await Listening();
        using var installation = await Installation.Relaying(_port);
        const int Count = 12;

        var ids = new List<string>();
        for (var i = 0; i < Count; i++)
            ids.AddRange(await installation.Api.Send(new
            {
                from = "Müller <shop@sender.test>",
                to = $"r{i}@d{i % 20}.test",
                subject = $"Beleg Nr. {i} – größer",
                text = $"Zeile {i}\n.\n..zwei\n{new string('ü', 2_000)}\n",
            }));
        foreach (var id in ids)
        {
            var story = await installation.Api.Ended(id);
            Assert.Equal(("accepted attempt delivered", 250), (story.Types, story.Events![2].Reply!.Code));
        }

        var seen = new List<string>();
        foreach (var file in Directory.GetFiles(_dumps))
        {
            var mail = await ParsedMail.ReadAsync(await File.ReadAllBytesAsync(file));
            var number = int.Parse(mail.Header("X-Rcpt-Args")!.AsSpan(2, mail.Header("X-Rcpt-Args")!.IndexOf('@') - 2),
                CultureInfo.InvariantCulture);
            Assert.Equal($"Beleg Nr. {number} – größer", mail.Header("Subject"));
            Assert.Equal(
                $"Zeile {number}\n.\n..zwei\n{new string('ü', 2_000)}",
                mail.Body.Text!.ReplaceLineEndings("\n").TrimEnd());
            Assert.Empty(mail.Body.AllDefects);
            seen.Add(mail.To[0][1]);
        }
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"r{i}@d{i % 20}.test").Order(), seen.Order());
    }

    public void Dispose()
    {
        _sink.Kill();
        _sink.WaitForExit();
        _sink.Dispose();
        Directory.Delete(_dumps, recursive: true);
    }

    private Task Listening() => Wait.Until(async () =>
    {
        using var client = new TcpClient();
        try { await client.ConnectAsync(IPAddress.Loopback, _port); return true; }
        catch (SocketException) { return false; }
    }, TimeSpan.FromSeconds(10));
}
