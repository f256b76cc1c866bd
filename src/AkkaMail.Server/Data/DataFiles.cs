namespace AkkaMail.Server.Data;

/// <summary>What a backup does with something in the data directory.</summary>
internal enum Keeping
{
    /// <summary>Copied: nothing else has it.</summary>
    Copied,

    /// <summary>Left out: it is made again from what is copied.</summary>
    MadeAgain,

    /// <summary>Left out: it is of one run of the server.</summary>
    OfOneRun,
}

/// <summary>Something in the data directory, by its name there.</summary>
internal sealed record DataFile(string Name, Keeping Keeping);

/// <summary>
/// All that lies in the data directory, in the order in which a running server is copied. Who notes how far it has read
/// the journal comes before it, so that no copy has a place beyond the journal's end; what the journal names comes after
/// it, so that all it names is there. docs/operating/backup.md has the same table, and tests hold them together.
/// </summary>
internal static class DataFiles
{
    public static readonly DataFile Suppressions = Copied("suppressions.db");
    public static readonly DataFile Sites = Copied("sites.db");
    public static readonly DataFile Returned = Copied("returned.db");
    public static readonly DataFile Engagement = Copied("engagement.db");
    public static readonly DataFile Reports = Copied("domain-reports.db");
    public static readonly DataFile Keys = Copied("keys.db");
    public static readonly DataFile Journal = Copied("journal.db");
    public static readonly DataFile Content = Copied("content.db");
    public static readonly DataFile Secrets = Copied("secrets.db");
    public static readonly DataFile Protection = Copied("protection");
    public static readonly DataFile Installation = Copied("installation.json");
    public static readonly DataFile Shaping = Copied("shaping.json");
    public static readonly DataFile Bounces = Copied("bounces.json");
    public static readonly DataFile Snapshots = new("snapshots.db", Keeping.MadeAgain);
    public static readonly DataFile Read = new("read.db", Keeping.MadeAgain);
    public static readonly DataFile Lock = new("lock", Keeping.OfOneRun);
    public static readonly DataFile Temporary = new("tmp", Keeping.OfOneRun);

    public static IReadOnlyList<DataFile> All { get; } =
    [
        Suppressions, Sites, Returned, Engagement, Reports, Keys, Journal, Content, Secrets, Protection, Installation,
        Shaping, Bounces, Snapshots, Read, Lock, Temporary,
    ];

    private static DataFile Copied(string name) => new(name, Keeping.Copied);
}
