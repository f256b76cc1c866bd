using System.Globalization;

namespace AkkaMail.Server.Data;

/// <summary>
/// How many files and connections the system lets this process have open, and how they are shared out. Who uses up the
/// last one ends the process: no database can be opened any more, and the runtime gives up.
/// </summary>
/// <param name="limit">Of the process; null: not known, or none.</param>
internal sealed class OpenFiles(long? limit)
{
    /// <summary>Databases with their logs, assemblies, and what the runtime has open by itself.</summary>
    public const int OwnMax = 256;

    /// <summary>With less there would be no connection left for anybody.</summary>
    public const int LimitMin = 512;

    /// <summary>Of this process, as Linux tells it: the runtime has raised it to the hard limit already.</summary>
    public static OpenFiles OfThisProcess()
    {
        const string file = "/proc/self/limits";
        if (!File.Exists(file)) return new(null);
        var files = new OpenFiles(Read(File.ReadLines(file)));
        return files.Limit is < LimitMin ? throw new StartException(string.Create(CultureInfo.InvariantCulture,
            $"This process may have {files.Limit} files open and needs {LimitMin}: raise 'ulimit -n', or LimitNOFILE of the unit."))
            : files;
    }

    public long? Limit => limit;

    internal static long? Read(IEnumerable<string> limits) =>
        limits.FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && long.TryParse(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
            NumberStyles.None, CultureInfo.InvariantCulture, out var max) ? max : null;

    /// <summary>Connections that one door may have: as many as are wanted, at most a quarter of what is there.</summary>
    public int Inward(int wanted) => Share(wanted, 4);

    /// <summary>Connections to receivers: at most half.</summary>
    public int Outward(int wanted) => Share(wanted, 2);

    private int Share(int wanted, int part) =>
        limit is { } max ? (int)Math.Min(wanted, Math.Max(1, (max - OwnMax) / part)) : wanted;
}
