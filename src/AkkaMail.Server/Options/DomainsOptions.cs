using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Networks;

namespace AkkaMail.Server.Options;

public sealed class DomainsOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Domains";

    /// <summary>
    /// Whether mail from a domain that is not verified for its tenant is accepted; it leaves unsigned. Default False.
    /// </summary>
    public bool AllowUnverified { get; set; }

    /// <summary>
    /// SPF mechanisms that stand for what sends, separated by spaces: <c>ip4:192.0.2.7 include:spf.example.net</c>.
    /// Default: the addresses of all sources in shaping.json, else <c>a:</c> and the EHLO name.
    /// </summary>
    [MaxLength(400)]
    public string? SpfTerms { get; set; }

    /// <summary>The host that takes bounces, as domains publish it in their MX. Default: the EHLO name.</summary>
    [MaxLength(253)]
    public string? ReturnPathMx { get; set; }

    /// <summary>The host that answers tracking links. Default: the host of PublicUrl, else the EHLO name.</summary>
    [MaxLength(253)]
    public string? TrackingHost { get; set; }

    /// <summary>The address DMARC aggregate reports are asked to. Default none.</summary>
    [MaxLength(254)]
    public string? DmarcReports { get; set; }

    /// <summary>The address reports on TLS towards the return paths are asked to (RFC 8460). Default none.</summary>
    [MaxLength(254)]
    public string? TlsReports { get; set; }

    /// <summary>How often each domain's records are looked up again. Default 6 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromHours(6);

    /// <summary>
    /// How long mail is still accepted from a verified domain whose records have gone or been changed. Default 3 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(3);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var term in Terms(SpfTerms))
            if (term.IndexOf(':', StringComparison.Ordinal) is < 1 || term.Any(c => c is <= ' ' or > '~' or '"')
                || !HasAddress(term))
                yield return new ValidationResult(
                    $"Domains:SpfTerms has '{term}', which is no mechanism like ip4:192.0.2.7.", [nameof(SpfTerms)]);
        (string, string?)[] addresses = [(nameof(DmarcReports), DmarcReports), (nameof(TlsReports), TlsReports)];
        foreach (var (name, address) in addresses)
            // RFC 7489 §6.3: commas, semicolons and '!' end an address in a record.
            if (address is not null && (!Mailbox.TryCreate("", address, out _, out _)
                || address.Any(c => c is <= ' ' or > '~' or ',' or ';' or '!')))
                yield return new ValidationResult($"Domains:{name} ({address}) is not an address.", [name]);
        foreach (var fault in HostText.NoNames("Domains", HostText.IsName,
            (nameof(ReturnPathMx), ReturnPathMx), (nameof(TrackingHost), TrackingHost))) yield return fault;
    }

    /// <summary>RFC 7208 §5.6: behind <c>ip4:</c> and <c>ip6:</c> is a network of that kind; other terms are free.</summary>
    private static bool HasAddress(string term)
    {
        var plain = term.TrimStart('+', '-', '~', '?');
        return !plain.StartsWith("ip4:", StringComparison.OrdinalIgnoreCase)
                && !plain.StartsWith("ip6:", StringComparison.OrdinalIgnoreCase)
            || plain[4..].Split('/') is [var text, .. var bits] && NetworkText.Address(text) is { } address
                && address.AddressFamily == (plain[2] == '4' ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6)
                && (bits is [] || bits is [var length] && NetworkText.Read($"{text}/{length}") is not null);
    }

    internal static string[] Terms(string? text) => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
