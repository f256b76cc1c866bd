using System.ComponentModel.DataAnnotations;
using System.Net;
using AkkaMail.Core.Content;

namespace AkkaMail.Server.Options;

public sealed class SmtpOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Smtp";

    /// <summary>
    /// Where bounces, complaints and reports are taken in, as <c>0.0.0.0:25</c> or <c>[::]:25</c>. Default: nowhere.
    /// </summary>
    [MaxLength(64)]
    public string? Listen { get; set; }

    /// <summary>The name said in the banner. Default: the EHLO name.</summary>
    [MaxLength(253)]
    public string? HostName { get; set; }

    /// <summary>
    /// A host whose MX leads here: the return path of mail whose From domain has none of its own yet. Default none: such
    /// mail bounces to its From address.
    /// </summary>
    [MaxLength(253)]
    public string? ReturnPathHost { get; set; }

    /// <summary>
    /// A certificate with its chain (PEM) for STARTTLS. Default: one made at the start, which encrypts and proves nothing.
    /// </summary>
    [MaxLength(4_096)]
    public string? Certificate { get; set; }

    /// <summary>The certificate's key (PEM).</summary>
    [MaxLength(4_096)]
    public string? CertificateKey { get; set; }

    /// <summary>Connections at once; one more gets 421. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int Connections { get; set; } = 1_000;

    /// <summary>Octets of a mail; more get 552. Default 10 MiB.</summary>
    [Range(65_536, 256 * 1024 * 1024)]
    public int SizeBytesMax { get; set; } = 10 * 1024 * 1024;

    /// <summary>
    /// Octets of all mails that are kept, as they are stored. Over half of it only return paths take more, then nobody: 452.
    /// Default 4 GiB.
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

    public IPEndPoint? EndPoint => IPEndPoint.TryParse(Listen ?? "", out var point) ? point : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Listen is not null && EndPoint is not { Port: > 0 })
            yield return new ValidationResult(
                $"Smtp:Listen ({Listen}) is no address with a port, like 0.0.0.0:25.", [nameof(Listen)]);
        if ((Certificate is null) != (CertificateKey is null))
            yield return new ValidationResult(
                "Smtp:Certificate and Smtp:CertificateKey are given together or not at all.", [nameof(Certificate)]);
        if (ForwardTo is not null && ForwardMailbox is null)
            yield return new ValidationResult($"Smtp:ForwardTo ({ForwardTo}) is no address.", [nameof(ForwardTo)]);
        if (ReturnPathHost is { } host && Uri.CheckHostName(host) != UriHostNameType.Dns)
            yield return new ValidationResult(
                $"Smtp:ReturnPathHost ({host}) is no host name.", [nameof(ReturnPathHost)]);
    }
}
