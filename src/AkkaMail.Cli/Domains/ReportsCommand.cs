using System.CommandLine;
using System.IO.Compression;
using System.Text;

namespace AkkaMail.Cli.Domains;

/// <summary><c>akkamail reports upload FILE…</c>: DMARC and TLS reports, or the mails they came in.</summary>
internal static class ReportsCommand
{
    /// <summary>Where a mail says of which kind its report is.</summary>
    private const int HeadBytes = 64 * 1024;

    public static Command Command(SharedOptions shared, Terminal terminal) =>
        new("reports", "DMARC and TLS reports about your domains.") { Upload(shared, terminal) };

    private static Command Upload(SharedOptions shared, Terminal terminal)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "XML, JSON, gz, zip, or whole mails; - reads one from standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var kind = new Option<string?>("--kind") { Description = "dmarc or tls. Default: as the file looks" };
        kind.AcceptOnlyFromAmong("dmarc", "tls");
        var tenant = new Option<string?>("--tenant")
        {
            Description = "Whose domains, for a key with all rights. Default: everybody's",
        };
        var command = new Command("upload", "Take reports in. A line is file, taken/repeat/refused, kind, domain, day, "
            + "mails or sessions, reporter; of a refused one file, refused and the reason. It ends with 1 when one was "
            + "refused.") { files, kind, tenant };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            var hasRefused = false;
            foreach (var file in parsed.GetRequiredValue(files))
            {
                var bytes = await InputFile.Read(file, terminal, cancel);
                var head = Head(bytes);
                var isMail = !IsPacked(bytes) && head is not ['<' or '{', ..];
                var path = $"v1/reports/{parsed.GetValue(kind) ?? KindOf(head)}";
                try
                {
                    var answer = await api.Post(path, bytes,
                        isMail ? "message/rfc822" : "application/octet-stream", cancel);
                    if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
                    foreach (var report in answer.Json["reports"]!.AsArray())
                    {
                        hasRefused |= report.Text("refused") is not null;
                        if (!shared.IsJson(parsed)) Say(file, report!, terminal);
                    }
                }
                // One bad file of a folder does not keep the others out; a key or a server that fails does.
                catch (RefusedException e) when (e.Status is 413 or 422)
                {
                    hasRefused = true;
                    if (shared.IsJson(parsed)) e.Write(terminal.Error);
                    else terminal.Line(file, "refused", e.Why);
                }
            }
            return hasRefused ? ExitCode.Refused : ExitCode.Ok;
        });
        return command;
    }

    private static void Say(string file, System.Text.Json.Nodes.JsonNode report, Terminal terminal)
    {
        if (report.Text("refused") is { } reason) terminal.Line(file, "refused", reason);
        else
            terminal.Line(file, report.Text("repeat") == "true" ? "repeat" : "taken", report.Text("kind"),
                report.Text("domain"), report.Text("begin")?[..10], report.Text("mails") ?? report.Text("sessions"),
                report.Text("reporter"));
    }

    private static bool IsPacked(byte[] file) => file is [0x1f, 0x8b, ..] or [(byte)'P', (byte)'K', ..];

    /// <summary>How it begins, unpacked.</summary>
    private static string Head(byte[] file)
    {
        try
        {
            using Stream stream = file is [0x1f, 0x8b, ..]
                ? new GZipStream(new MemoryStream(file), CompressionMode.Decompress) : new MemoryStream(file);
            var head = new byte[HeadBytes];
            var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(head, 0, length).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        }
        catch (InvalidDataException) { return ""; }   // The server says what is wrong with it.
    }

    /// <summary>RFC 8460 §5.3: a mail with a TLS report says so in its header.</summary>
    private static string KindOf(string head) =>
        head is ['{', ..] || (head is not ['<', ..] && head.Contains("tlsrpt", StringComparison.OrdinalIgnoreCase))
            ? "tls" : "dmarc";
}
