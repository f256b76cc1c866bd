using AkkaMail.Storage.Sqlite;

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

/// <summary>
/// Something in the data directory, by its name there; <paramref name="Without"/> is what follows when it is lost.
/// </summary>
internal sealed record DataFile(string Name, Keeping Keeping, string Without)
{
    public bool IsDatabase => Name.EndsWith(".db", StringComparison.Ordinal);

    /// <summary>What it is in a database server.</summary>
    public string Schema => Path.GetFileNameWithoutExtension(Name).Replace('-', '_');

    /// <summary>It can be gone on without, when somebody accepts what follows.</summary>
    public bool CanBeLost => Keeping == Keeping.Copied && (IsDatabase || Name == DataFiles.Installation.Name);
}

/// <summary>
/// All that lies in the data directory, in the order in which a running server is copied. installation.json says how new
/// the databases are at least, so it comes before them. Who notes how far it has read the journal comes before it, so that
/// no copy has a place beyond the journal's end; what the journal names comes after it, so that all it names is there.
/// docs/operating/backup.md has the same table, and tests hold them together.
/// </summary>
internal static class DataFiles
{
    public static readonly DataFile Suppressions = Copied("suppressions.db",
        "mail goes to people who have had enough");
    public static readonly DataFile Idempotency = Copied("idempotency.db",
        "requests of the last day that come again are sent again, until the journal has been read");
    public static readonly DataFile Sites = Copied("sites.db", "that history is lost; mail goes on");
    public static readonly DataFile Returned = Copied("returned.db",
        "they are lost; what followed from them is in the journal");
    public static readonly DataFile Engagement = Copied("engagement.db",
        "the list of never engaging addresses begins anew");
    public static readonly DataFile Reports = Copied("domain-reports.db", "those figures are lost");
    public static readonly DataFile Keys = Copied("keys.db", "that is forgotten");
    public static readonly DataFile Journal = Copied("journal.db", "everything is lost: this is the one to keep");
    public static readonly DataFile Content = Copied("content.db",
        "what is not yet sent fails; stories have no addresses");
    public static readonly DataFile History = Copied("history.db",
        "versions of rules lead to no text, and nobody knows when which program ran");
    public static readonly DataFile Secrets = Copied("secrets.db",
        "mail is not signed, and waits; links and return paths sent before lead nowhere");
    public static readonly DataFile Protection = Copied("protection",
        "mail is not signed, and waits; links and return paths sent before lead nowhere");
    public static readonly DataFile Installation = Copied("installation.json",
        "nothing that was stored by address is found again, suppressions among it");
    public static readonly DataFile Shaping = Copied("shaping.json",
        "the shipped rules hold, for one source called default");
    public static readonly DataFile Bounces = Copied("bounces.json", "the shipped rules hold");
    public static readonly DataFile Snapshots = new("snapshots.db", Keeping.MadeAgain, "the start takes longer");
    public static readonly DataFile Read = new("read.db", Keeping.MadeAgain,
        "it is made again from the journal at the next start");
    public static readonly DataFile Lock = new("lock", Keeping.OfOneRun, "");
    public static readonly DataFile Temporary = new("tmp", Keeping.OfOneRun, "");

    public static IReadOnlyList<DataFile> All { get; } =
    [
        Installation, Suppressions, Idempotency, Sites, Returned, Engagement, Reports, Keys, Journal, Content, History,
        Secrets, Protection, Shaping, Bounces, Snapshots, Read, Lock, Temporary,
    ];

    /// <summary>Those, and the generations of the read model that lie in a directory beside the first.</summary>
    public static IReadOnlyList<DataFile> In(string directory) => [.. All, .. Generations(directory).Skip(1)];

    /// <summary>Of the read model: the first, and those that are there.</summary>
    public static IReadOnlyList<DataFile> Generations(string directory)
    {
        var first = new SqliteDatabase(Path.Combine(directory, Read.Name));
        return [Read, .. first.Generations().Where(n => n > 1).Select(n => Read with { Name = Path.GetFileName(first.Generation(n).Path) })];
    }

    private static DataFile Copied(string name, string without) => new(name, Keeping.Copied, without);
}
