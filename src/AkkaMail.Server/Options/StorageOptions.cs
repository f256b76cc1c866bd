using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace AkkaMail.Server.Options;

public sealed class StorageOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Storage";

    public const string Sqlite = "sqlite", Postgres = "postgres";

    /// <summary>
    /// <c>sqlite</c>: files in the data directory. <c>postgres</c>: one database of PostgreSQL 14 or later, in which each
    /// store has a schema. Default <c>sqlite</c>.
    /// </summary>
    [Required]
    public string Provider { get; set; } = Sqlite;

    /// <summary>
    /// With <c>postgres</c>: where the database is, as <c>Host=db.example.com;Database=akkamail;Username=akkamail;…</c>
    /// (<c>SSL Mode=VerifyFull</c> for TLS). An empty database is enough; the role needs CREATE on it.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>A file with the connection string, for who keeps passwords out of the environment.</summary>
    public string? ConnectionStringFile { get; set; }

    /// <summary>
    /// Encrypts the keys that open the domains' private keys, so that a dump of the database does not hold them. At least
    /// 32 characters; without the same one the server does not start again. Default none.
    /// </summary>
    [MinLength(SecretKeyMin)]
    public string? SecretKey { get; set; }

    /// <summary>A file with the secret key.</summary>
    public string? SecretKeyFile { get; set; }

    public const int SecretKeyMin = 32;

    /// <summary>Writers have one each while they commit, and some need another meanwhile.</summary>
    private const int PoolMin = 8;

    public bool IsPostgres => Provider == Postgres;

    /// <summary>The connection string, from wherever it comes; validation has said that it can be read.</summary>
    public string ConnectionText => ConnectionString ?? Read(ConnectionStringFile) ?? "";

    /// <summary>The secret key, from wherever it comes.</summary>
    public string? SecretKeyText => SecretKey ?? Read(SecretKeyFile);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider is not (Sqlite or Postgres))
            yield return Of($"Provider is '{Provider}', which is neither '{Sqlite}' nor '{Postgres}'.", nameof(Provider));
        foreach (var (name, value, file) in new[]
        {
            (nameof(ConnectionString), ConnectionString, ConnectionStringFile), (nameof(SecretKey), SecretKey, SecretKeyFile),
        })
        {
            if (value is not null && file is not null)
                yield return Of($"{name} and Storage:{name}File are both set: one of them is enough.", name);
            else if (file is not null && ProblemOf(file) is { } problem)
                yield return Of($"{name}File ({file}) {problem}.", name + "File");
        }
        if (SecretKey is null && SecretKeyFile is not null && ProblemOf(SecretKeyFile) is null
            && Read(SecretKeyFile)!.Length < SecretKeyMin)
            yield return Of($"SecretKeyFile ({SecretKeyFile}) has a key of fewer than {SecretKeyMin} characters.", nameof(SecretKeyFile));
        if (!IsPostgres || ConnectionStringFile is not null && ProblemOf(ConnectionStringFile) is not null) yield break;
        if (FaultOf(ConnectionText) is { } fault) yield return Of($"ConnectionString {fault}.", nameof(ConnectionString));
    }

    /// <summary>It has a password, so none of it is shown.</summary>
    internal static string? FaultOf(string text)
    {
        if (text.Length == 0) return "is not set, and postgres needs it: Host=…;Database=…;Username=…;Password=…";
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(text);
            if (parts.Pooling && parts.MaxPoolSize < PoolMin) return $"has a Maximum Pool Size of {parts.MaxPoolSize}; it needs {PoolMin}";
            return string.IsNullOrEmpty(parts.Host) ? "has no Host" : string.IsNullOrEmpty(parts.Database)
                ? "has no Database" : string.IsNullOrEmpty(parts.Username) ? "has no Username" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            return "is not one that Npgsql can read: names and values as Host=…;Database=…";
        }
    }

    private static string? ProblemOf(string file)
    {
        try { return Read(file)!.Length == 0 ? "is empty" : null; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return e is FileNotFoundException or DirectoryNotFoundException ? "is not there" : "cannot be read";
        }
    }

    private static string? Read(string? file) => file is null ? null : File.ReadAllText(file).Trim();

    private static ValidationResult Of(string words, string member) => new($"Storage:{words}", [member]);
}
