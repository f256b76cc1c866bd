namespace AkkaMail.Core.DomainReports;

/// <summary>What reading a report ends in. Anybody sends them: a bad one is a result, not an exception.</summary>
public abstract record ReportReading<T>;
public sealed record ReportRead<T>(T Report) : ReportReading<T>;

/// <summary>Why it was not taken, in words for who sent or uploaded it.</summary>
public sealed record ReportUnreadable<T>(string Reason) : ReportReading<T>;

/// <summary>Bounds of a report; what is over one is refused as a whole, a part would be a false picture.</summary>
public sealed record ReportBounds
{
    public static ReportBounds Default { get; } = new();

    /// <summary>Octets as it comes. Real ones are far under 1 MB.</summary>
    public int CompressedMax { get; init; } = 10 * 1024 * 1024;

    /// <summary>Octets unpacked.</summary>
    public long UnpackedMax { get; init; } = 50 * 1024 * 1024;

    /// <summary>
    /// Unpacked octets for each packed one, counted from 1 MB on. Real XML packs 10 to 60 times; a bomb 1,000.
    /// </summary>
    public int RatioMax { get; init; } = 200;

    /// <summary>Rows of one report.</summary>
    public int RecordsMax { get; init; } = 100_000;
}

internal sealed class ReportException(string reason) : Exception(reason);
