using System.CommandLine;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Domains;

/// <summary><c>akkamail reports add FILE…</c> and <c>reports tls</c>.</summary>
internal static class ReportsVerbs
{
    /// <summary>Where a mail says of which kind its report is.</summary>
    private const int HeadBytes = 64 * 1024;

    private static readonly Field[] Columns =
    [
        Field.Text("file").Cut(), Field.State("result"), Field.Text("kind"), Field.Text("domain").Cut(),
        Field.Text("day", of: r => r.Text("begin")?[..10]),
        Field.Number("count", of: r => r.Number("mails") ?? r.Number("sessions")), Field.Text("reporter").Cut(),
        Field.Text("refused", "Why not").Wrap(),
    ];

    private static readonly Field[] TlsColumns =
    [
        Field.Text("domain"), Field.Text("policy_type", "Policy"), Field.Number("successful"), Field.Number("failed"),
        Field.Text("failures", of: d => string.Join(", ", d.Rows("failures").Select(f =>
            $"{f.Text("result")} {f.Text("mx_host")} {f.Text("count")}"))).Wrap(),
    ];

    public static Command Create() => new("reports", "DMARC and TLS reports: about your domains, and ours to others.")
    {
        Add(), Tls(),
    };

    private static Verb Tls()
    {
        var day = new Option<string?>("--day") { Description = "A UTC day, as 2026-11-24: today or the two before" };
        return new Verb("tls", "Show how the encryption of a day's sessions went, as it is reported.", async call =>
        {
            call.Print.List(await call.Look("v1/tls-reports", ("day", call.Get(day))), "domains", TlsColumns);
            return ExitCode.Done;
        })
        { Prints = TlsColumns }.With(day);
    }

    private static Verb Add()
    {
        var files = new Argument<string[]>("files")
        {
            Description = "XML, JSON, gz, zip, or whole mails; - reads one from standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var kind = new Option<string?>("--kind") { Description = "dmarc or tls. Default: as the file looks" };
        kind.AcceptOnlyFromAmong("dmarc", "tls");
        return new Verb("add", "Take reports in, from the files or mails they came in.", async call =>
        {
            var rows = new List<JsonNode>();
            foreach (var file in call.Get(files))
            {
                var bytes = await InputFile.Bytes(file, call);
                rows.AddRange((await Take(call, bytes, call.Get(kind))).Select(report => Row(file, report)));
            }
            if (call.Print.Output == Output.Json)
                call.Print.Json(new JsonObject { ["reports"] = new JsonArray([.. rows]) });
            else call.Print.Rows(rows, Columns, "reports");
            return rows.Exists(r => r.Text("result") == "refused") ? ExitCode.Found : ExitCode.Done;
        })
        { OfTenant = true, Finds = "a report was refused; the others are taken", Prints = Columns }.With(files, kind);
    }

    private static async Task<IEnumerable<JsonNode>> Take(Call call, byte[] bytes, string? kind)
    {
        var head = Head(bytes);
        var isMail = !IsPacked(bytes) && head is not ['<' or '{', ..];
        try
        {
            var answer = await call.Api.Post($"v1/reports/{kind ?? KindOf(head)}", bytes,
                isMail ? "message/rfc822" : "application/octet-stream", call.Cancel);
            return answer.Json.Rows("reports");
        }
        // One bad file of a folder does not keep the others out; a key or a server that fails does.
        catch (RefusedException e) when (e.Status is 400 or 413 or 422)
        {
            return [new JsonObject { ["refused"] = e.Why }];
        }
    }

    private static JsonObject Row(string file, JsonNode report)
    {
        var row = report.DeepClone().AsObject();
        row["file"] = file;
        row["result"] = report.Text("refused") is not null ? "refused" : report.Is("repeat") ? "repeat" : "taken";
        return row;
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
