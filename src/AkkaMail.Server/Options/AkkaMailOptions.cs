using System.ComponentModel.DataAnnotations;
using System.Net;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Networks;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Storage.Content;

namespace AkkaMail.Server.Options;

public sealed class AkkaMailOptions : IValidatableObject
{
    public const string Section = "AkkaMail";

    /// <summary>Where journal, content and read model lie. Default <c>./data</c>.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>
    /// The key with all rights, at least 16 characters. Default: drawn at the first start and printed once.
    /// </summary>
    [MinLength(16)]
    public string? AdminKey { get; set; }

    /// <summary>
    /// Where the outside reaches this installation, as it is printed at the start. Default: the first HTTP address.
    /// </summary>
    [Url]
    public string? PublicUrl { get; set; }

    /// <summary>
    /// Proxies before the HTTP port, as <c>10.0.0.7,10.1.0.0/16</c>: from them X-Forwarded-For says who the client is,
    /// for the networks of keys, the limits on one client and the log. Default: none, whoever connects is the client.
    /// </summary>
    [MaxLength(4_096)]
    public string? TrustedProxies { get; set; }

    /// <summary>
    /// HTTP connections at once; one more gets 503. At most a quarter of the files that the process may open.
    /// Default 4,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Connections { get; set; } = 4_000;

    /// <summary>
    /// HTTP connections at once of one address, or of one IPv6 /64; one more gets 503. A trusted proxy has no such
    /// bound. Default 1,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerClient { get; set; } = 1_000;

    /// <summary>
    /// Bytes of memory that all mails and bodies which are being read may take, by HTTP and SMTP together; beyond it 503
    /// or 452. What of a body over 64 KiB is in memory counts three times: as it came, as text, and as a
    /// mail. Files of a body over 1 MiB and mails of clients over 1 MiB lie on disk, and count once. Default 512 MiB.
    /// </summary>
    [Range(1_048_576, 1L << 40)]
    [DefaultOf<ReceiverOptions>(nameof(ReceiverOptions.MemoryMax))]
    public long BytesInFlight { get; set; } = ReceiverOptions.Default.MemoryMax;

    /// <summary>
    /// Partitions of messages; fixed once an installation exists. Default: as many as it was made with; a new one has 1 on
    /// SQLite and 32 on PostgreSQL.
    /// </summary>
    [Range(1, SubmissionId.PartitionsMax)]
    public int? Ledgers { get; set; }

    /// <summary>
    /// Messages without an end that one ledger may hold; beyond it a submission gets 503. Default 1,000,000; 200,000 on
    /// PostgreSQL, where there are more ledgers and a snapshot of each is one value.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int? UnfinishedPerLedger { get; set; }

    /// <summary>Commands in one group commit. Default 500.</summary>
    [Range(1, 10_000)]
    [DefaultOf<ContentStoreOptions>(nameof(ContentStoreOptions.BatchMax))]
    public int GroupCommit { get; set; } = ContentStoreOptions.Default.BatchMax;

    /// <summary>How long a request waits for its ledger before 503. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan AcceptTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Largest request body in bytes, and largest mail that a client hands in by SMTP; also the most that variables may
    /// make of a mail. A larger one gets 413, 552 or 422. Default 40 MiB.
    /// </summary>
    [Range(1_024, 256 * 1024 * 1024)]
    public long BodyBytesMax { get; set; } = BodyBytesDefault;

    public const long BodyBytesDefault = 40 * 1024 * 1024;

    /// <summary>Recent mails kept in memory between acceptance and delivery, in bytes. Default 32 MiB.</summary>
    [Range(0, 1L << 34)]
    [DefaultOf<ContentStoreOptions>(nameof(ContentStoreOptions.CacheBytesMax))]
    public long ContentCacheBytes { get; set; } = ContentStoreOptions.Default.CacheBytesMax;

    /// <summary>
    /// Assemblies that add to the actor system, as <c>/opt/akkamail/extensions/mine.dll</c>: up to 8 files, separated by
    /// commas. They run with all that this process may do. Default none.
    /// </summary>
    [MaxLength(4_096)]
    public string? Extensions { get; set; }

    /// <summary><see cref="TrustedProxies"/>, without what is no network; validation has said so.</summary>
    public IReadOnlyList<IPNetwork> ProxyNetworks =>
        [.. NetworkText.Entries(TrustedProxies).Select(NetworkText.Read).OfType<IPNetwork>()];

    /// <summary>Links are made of it by putting a path behind it.</summary>
    private static bool IsReachable(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0
        && uri.Query.Length + uri.Fragment.Length == 0 && url.All(c => c is > ' ' and <= '~');

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var text in NetworkText.Entries(TrustedProxies).Where(text => NetworkText.Read(text) is null))
            yield return new ValidationResult(
                $"TrustedProxies ({text}) is neither an address nor a network like 10.1.0.0/16.", [nameof(TrustedProxies)]);
        if (PublicUrl is { } url && !IsReachable(url))
            yield return new ValidationResult(
                $"PublicUrl ({HostText.Shown(url)}) is not an http or https address with a host, as https://mail.example.com.",
                [nameof(PublicUrl)]);
        // Not shown: it is a secret all the same.
        if (AdminKey?.All(c => c is > ' ' and <= '~') is false)
            yield return new ValidationResult(
                "AdminKey has a blank, a control character or a letter beyond ASCII, which no header can carry.",
                [nameof(AdminKey)]);
    }
}
