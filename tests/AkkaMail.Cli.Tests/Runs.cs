using System.Text;
using AkkaMail.Cli.Frame;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Cli.Tests;

/// <summary>How a run ended and what it wrote.</summary>
public sealed record Ran(int Code, string Out, string Error, byte[] Raw);

internal static class Runs
{
    public const string Key = "key-0123456789abcdef";

    /// <summary>What time it is for a command that says how long ago something was.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>For commands that are looked at and not run.</summary>
    public static Terminal Nowhere { get; } =
        new(TextReader.Null, TextWriter.Null, TextWriter.Null, () => Stream.Null, () => Stream.Null);

    /// <summary>Runs <c>akkamail</c> against <paramref name="url"/>, both given by the environment.</summary>
    public static async Task<Ran> Akkamail(string url, string[] args, string input = "", string? key = Key,
        bool asks = false, int? width = null, bool hasColour = false, TimeProvider? time = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var raw = new MemoryStream();
        var terminal = new Terminal(new StringReader(input), output, error,
            () => new MemoryStream(Encoding.Latin1.GetBytes(input)), () => raw)
        { Asks = asks, Width = width, HasColour = hasColour, Time = time ?? new FakeTimeProvider(Noon) };
        var code = await CommandLine.Run(args, terminal, name => name switch
        {
            "AKKAMAIL_URL" => url,
            "AKKAMAIL_KEY" => key,
            _ => null,
        });
        return new(code, output.ToString(), error.ToString(), raw.ToArray());
    }
}
