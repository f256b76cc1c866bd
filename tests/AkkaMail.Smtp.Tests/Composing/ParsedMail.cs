using System.Diagnostics;
using System.Text.Json;

namespace AkkaMail.Smtp.Tests.Composing;

/// <summary>
/// A mail as Python's <c>email</c> reads it: a check by MimeKit would be MimeKit agreeing with itself.
/// </summary>
public sealed record ParsedMail(
    string[][] Headers, string[][] To, ParsedPart Body, int BareLines, int Longest, bool IsAscii)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string? Header(string name) =>
        Headers.SingleOrDefault(h => h[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];

    public static async Task<ParsedMail> ReadAsync(byte[] bytes)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "parse_mail.py");
        using var python = Process.Start(new ProcessStartInfo("python3", [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await python.StandardInput.BaseStream.WriteAsync(bytes);
        python.StandardInput.Close();
        var mail = await JsonSerializer.DeserializeAsync<ParsedMail>(python.StandardOutput.BaseStream, Json);
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        return mail!;
    }
}

public sealed record ParsedPart(
    string Type, string Encoding, string? Disposition, string? Filename, string? Cid, string? Boundary, string? Text,
    byte[] Bytes, ParsedPart[] Parts, string[] Defects)
{
    public IEnumerable<string> AllDefects => Defects.Concat(Parts.SelectMany(p => p.AllDefects));
}
