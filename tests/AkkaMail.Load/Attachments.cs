using System.Globalization;
using System.Text;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// Mails with one large file each, all handed in at once: what memory they cost over the idle server, from the first octet
/// to the last mail at the sink.
/// </summary>
internal static class Attachments
{
    public static async Task<int> Run(Arguments args)
    {
        var (count, bytes, smtp) = (args.Number("at-once", 1), args.Number("bytes", 25_000_000), args.Has("smtp"));
        var data = ThisBuild.NewDirectory("attachments");
        using var sink = await SinkProcess.Start();
        var port = ServerProcess.FreePort();
        var settings = Throughput.Towards(sink);
        if (smtp) settings["AkkaMail__Smtp__Listen"] = $"127.0.0.1:{port}";
        using var server = ServerProcess.Start(data, settings, isMeasured: true);
        await server.Ready();
        Task Send(int number, int size) => smtp ? BySmtp(port, number, size) : ByHttp(server.Url, number, size);
        await Send(0, 1_000);   // Warms up.
        await Throughput.Until(sink.Count, 1);

        var idle = server.RssNow();
        await Task.WhenAll(Enumerable.Range(1, count).Select(n => Send(n, bytes)));
        var accepted = server.Rss(peak: true);
        await Throughput.Until(sink.Count, 1 + count);
        var peak = server.Rss(peak: true);
        await server.Stop();
        Directory.Delete(data, recursive: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"door={(smtp ? "smtp" : "http")} at_once={count} bytes={bytes} idle_mb={idle:0} accepted_over_idle_mb={accepted - idle:0} peak_over_idle_mb={peak - idle:0}"));
        return 0;
    }

    private static async Task ByHttp(Uri url, int number, int bytes)
    {
        using var http = new RawHttp(url, ServerProcess.AdminKey);
        await http.Open();
        var (status, answer) = await http.Post(Encoding.ASCII.GetBytes(
            $$"""{"from":"shop@sender.test","to":"user@d{{number}}.test","subject":"File {{number}}","text":"See the file.","attachments":[{"filename":"file.bin","content":"{{File(number, bytes, lines: false)}}"}]}"""));
        if (status != 202) throw new InvalidOperationException($"{status}: {answer}");
    }

    private static async Task BySmtp(int port, int number, int bytes)
    {
        using var smtp = await RawSmtp.Open(port, ServerProcess.AdminKey);
        var mail = $"From: shop@sender.test\nSubject: File {number}\nMIME-Version: 1.0\nContent-Type: application/octet-stream\n"
            + $"Content-Transfer-Encoding: base64\n\n{File(number, bytes, lines: true)}\n.\n";
        var reply = await smtp.Send("shop@sender.test", $"user@d{number}.test",
            Encoding.ASCII.GetBytes(mail.ReplaceLineEndings("\r\n")));
        if (reply[0] != '2') throw new InvalidOperationException(reply);
    }

    private static string File(int number, int bytes, bool lines)
    {
        var file = new byte[bytes];
        new Random(number).NextBytes(file);
        return Convert.ToBase64String(file, lines ? Base64FormattingOptions.InsertLineBreaks : Base64FormattingOptions.None);
    }
}
