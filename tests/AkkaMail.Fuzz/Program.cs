using System.Diagnostics;
using System.Globalization;
using AkkaMail.Fuzz;

// What fails once fails again: every run has a seed of its own, made of the seed, the reader and its number.
var values = new Dictionary<string, string>();
for (var i = 0; i + 1 < args.Length; i += 2) values[args[i]] = args[i + 1];
if (args.Length % 2 != 0 || values.Keys.Except(["--seconds", "--seed", "--reader", "--run"]).Any())
{
    Console.Error.WriteLine("""
        usage: AkkaMail.Fuzz [--seconds 30] [--seed N] [--reader NAME] [--run N]
        Changes real samples by chance and gives them to every reader of what others write. Ends with 1 when one throws
        what it should not, takes over 5 s and 1 s a MB, or allocates over 512 MB and 64 times its input.
        """);
    return 2;
}
int Number(string name, int otherwise) =>
    values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

var seed = Number("--seed", Environment.TickCount & 0xFFFFFF);
var readers = Readers.All.Where(r => r.Name == values.GetValueOrDefault("--reader", r.Name)).ToList();
if (readers.Count == 0)
{
    Console.Error.WriteLine($"--reader is one of {string.Join(", ", Readers.All.Select(r => r.Name))}");
    return 2;
}
Console.WriteLine($"seed={seed} seconds={Number("--seconds", 30)}");
var slice = TimeSpan.FromSeconds((double)Number("--seconds", 30) / readers.Count);
var failures = 0;
foreach (var reader in readers)
{
    var tally = new Tally(reader, seed);
    if (values.ContainsKey("--run")) await tally.Run(Number("--run", 0));
    else
    {
        await tally.Run(0);   // What is compiled and loaded once counts for no figure.
        tally.Forget();
        var clock = Stopwatch.StartNew();
        for (var run = 1; clock.Elapsed < slice; run++) await tally.Run(run);
    }
    Console.WriteLine(tally);
    failures += tally.Failures;
}
using var process = Process.GetCurrentProcess();
Console.WriteLine($"peak_rss_mb={process.PeakWorkingSet64 >> 20} failures={failures}");
return failures == 0 ? 0 : 1;
