using System.Diagnostics;
using System.Globalization;

namespace AkkaMail.Fuzz;

/// <summary>Something that reads what others write: samples to begin with, and the words it knows.</summary>
/// <param name="Read">Returns for whatever octets there are; what it throws is a failure.</param>
internal sealed record Reader(string Name, IReadOnlyList<byte[]> Samples, string[] Words, Func<byte[], Task> Read)
{
    /// <summary>What is done to the octets after they were changed: packing them.</summary>
    public Func<byte[], byte[]> Wrap { get; init; } = octets => octets;

    public static Reader Of(string name, IReadOnlyList<byte[]> samples, string[] words, Action<byte[]> read) =>
        new(name, samples, words, octets =>
        {
            read(octets);
            return Task.CompletedTask;
        });
}

/// <summary>The runs of one reader: how many, what they cost, and which failed.</summary>
internal sealed class Tally(Reader reader, int seed)
{
    private const int FailuresShown = 20;

    /// <summary>A run that takes longer hangs: the program says which it was, and ends.</summary>
    private static readonly TimeSpan HangsAfter = TimeSpan.FromSeconds(60);

    private long _runs, _octets, _allocated, _peak;
    private double _cpu, _slowest;
    private int _slowestRun, _hungriestRun;
    private long _hungriest;

    public int Failures { get; private set; }

    public void Forget()
    {
        (_runs, _octets, _allocated, _peak, _hungriest) = (0, 0, 0, 0, 0);
        (_cpu, _slowest) = (0, 0);
    }

    public async Task Run(int run)
    {
        var octets = reader.Wrap(new Mutation(HashCode(run), reader).Octets);
        using var watch = new Timer(_ =>
        {
            Console.WriteLine($"{reader.Name}: run {run} of seed {seed} hangs");
            Environment.Exit(1);
        }, null, HangsAfter, Timeout.InfiniteTimeSpan);
        var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        try { await reader.Read(octets); }
        catch (Exception e) { Fail(run, $"{e.GetType().Name}: {e.Message}\n{e.StackTrace}"); }
        var seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        _runs++;
        _octets += octets.Length;
        _cpu += seconds;
        _allocated += allocated;
        _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: false));
        if (seconds > _slowest) (_slowest, _slowestRun) = (seconds, run);
        if (allocated > _hungriest) (_hungriest, _hungriestRun) = (allocated, run);
        // CPU and not the clock: other programs' work is no fault of a reader.
        if (seconds > 5 + octets.Length / 1e6) Fail(run, $"{seconds:0.0} s of CPU for {octets.Length} octets");
        if (allocated > (512L << 20) + 64L * octets.Length) Fail(run, $"{allocated >> 20} MB for {octets.Length} octets");
    }

    /// <summary>The same everywhere and always, unlike that of the runtime.</summary>
    private int HashCode(int run)
    {
        var hash = (uint)seed;
        foreach (var c in reader.Name) hash = (hash ^ c) * 16777619;
        return (int)((hash ^ (uint)run) * 2654435761);
    }

    private void Fail(int run, string what)
    {
        if (++Failures <= FailuresShown)
            Console.WriteLine($"FAILED {reader.Name} (--reader {reader.Name} --seed {seed} --run {run}): {what}");
    }

    public override string ToString()
    {
        var mb = Math.Max(1, _octets) / 1e6;
        return string.Create(CultureInfo.InvariantCulture,
            $"{reader.Name,-12} runs={_runs} mb={mb:0.0} cpu_s_per_mb={_cpu / mb:0.000} allocated_mb_per_mb={_allocated / 1e6 / mb:0.0} "
            + $"peak_heap_mb={_peak >> 20} slowest_s={_slowest:0.000} (run {_slowestRun}) "
            + $"most_mb={_hungriest / 1e6:0.0} (run {_hungriestRun}) failures={Failures}");
    }
}
