using System.ComponentModel.DataAnnotations;
using System.Net;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Server.Options;

public sealed class SmtpOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Smtp";

    /// <summary>
    /// Where mail is taken in, as <c>0.0.0.0:25</c> or <c>[::]:25,[::]:587</c>: bounces, complaints and reports from
    /// everybody, mail to be sent from who has a key for a password. Default: nowhere.
    /// </summary>
    [MaxLength(256)]
    public string? Listen { get; set; }

    /// <summary>
    /// The same with TLS from the first octet (RFC 8314), as <c>0.0.0.0:465</c>. Default: nowhere.
    /// </summary>
    [MaxLength(256)]
    public string? ListenTls { get; set; }

    /// <summary>
    /// Tenants that may hand in mail from other people's domains, as <c>lists,helpdesk</c>. It has to be signed by its
    /// From domain (DMARC passes by DKIM), stays as it is and is sealed with ARC. Default: none.
    /// </summary>
    [MaxLength(4_096)]
    public string? RelayTenants { get; set; }

    /// <summary>The name said in the banner. Default: the EHLO name.</summary>
    [MaxLength(253)]
    public string? HostName { get; set; }

    /// <summary>
    /// A host whose MX leads here: the return path of mail whose From domain has none of its own yet. Default none:
    /// such mail bounces to its From address.
    /// </summary>
    [MaxLength(253)]
    public string? ReturnPathHost { get; set; }

    /// <summary>
    /// A certificate with its chain (PEM) for STARTTLS. Default: one made at the start, which encrypts and proves
    /// nothing.
    /// </summary>
    [MaxLength(4_096)]
    public string? Certificate { get; set; }

    /// <summary>The certificate's key (PEM).</summary>
    [MaxLength(4_096)]
    public string? CertificateKey { get; set; }

    /// <summary>Connections at once; one more gets 421. Default 1,000.</summary>
    [Range(1, 100_000)]
    [DefaultOf<ReceiverOptions>(nameof(ReceiverOptions.ConnectionsMax))]
    public int Connections { get; set; } = ReceiverOptions.Default.ConnectionsMax;

    /// <summary>
    /// Connections at once of one address, or of one IPv6 /64; one more waits 5 s for a place, then gets 421.
    /// Default 50.
    /// </summary>
    [Range(1, 100_000)]
    [DefaultOf<ReceiverOptions>(nameof(ReceiverOptions.ConnectionsPerClientMax))]
    public int ConnectionsPerClient { get; set; } = ReceiverOptions.Default.ConnectionsPerClientMax;

    /// <summary>Octets of a mail that is brought to us; more get 552. Default 10 MiB.</summary>
    [Range(65_536, 256 * 1024 * 1024)]
    [DefaultOf<ReceiverOptions>(nameof(ReceiverOptions.SizeMax))]
    public int SizeBytesMax { get; set; } = ReceiverOptions.Default.SizeMax;

    /// <summary>
    /// Octets of all mails that are kept, as they are stored. Over half of it only return paths take more, then nobody:
    /// 452. Default 4 GiB.
    /// </summary>
    [Range(1_048_576, 1L << 40)]
    public long KeptBytesMax { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>
    /// An address that mail to postmaster@, abuse@ and security@ is passed on to, sealed with ARC. Default none: it is
    /// kept.
    /// </summary>
    [MaxLength(254)]
    public string? ForwardTo { get; set; }

    /// <summary><see cref="ForwardTo"/>, when it is an address.</summary>
    public Mailbox? ForwardMailbox =>
        ForwardTo is { } text && Mailbox.TryCreate("", text, out var mailbox, out _) ? mailbox : null;

    /// <summary>What is no address is none; validation has said so.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => Points(Listen);

    public IReadOnlyList<IPEndPoint> TlsEndPoints => Points(ListenTls);

    public bool IsListening => EndPoints.Count + TlsEndPoints.Count > 0;

    public bool MayRelay(string tenant) => Split(RelayTenants).Contains(tenant, StringComparer.Ordinal);

    private static IReadOnlyList<IPEndPoint> Points(string? list) =>
        [.. Split(list).Select(text => IPEndPoint.TryParse(text, out var point) ? point : null).OfType<IPEndPoint>()];

    private static string[] Split(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, list) in new[] { (nameof(Listen), Listen), (nameof(ListenTls), ListenTls) })
            foreach (var text in list is null ? [] : Split(list) is { Length: > 0 } points ? points : [list])
                if (HostText.Point(text) is null)
                    yield return new ValidationResult(
                        $"Smtp:{name} ({text}) is not an address with a port, like 0.0.0.0:25.", [name]);
        if ((Certificate is null) != (CertificateKey is null))
            yield return new ValidationResult(
                "Smtp:Certificate and AkkaMail:Smtp:CertificateKey are given together or not at all.", [nameof(Certificate)]);
        if (ForwardTo is not null && ForwardMailbox is null)
            yield return new ValidationResult($"Smtp:ForwardTo ({ForwardTo}) is not an address.", [nameof(ForwardTo)]);
        foreach (var fault in HostText.NoNames("Smtp", HostText.IsSaid, (nameof(HostName), HostName)))
            yield return fault;
        foreach (var fault in HostText.NoNames("Smtp", HostText.IsName, (nameof(ReturnPathHost), ReturnPathHost)))
            yield return fault;
    }
}
