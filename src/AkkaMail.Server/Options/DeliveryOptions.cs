using System.ComponentModel.DataAnnotations;
using AkkaMail.Engine.Delivery;
using AkkaMail.Smtp.Sending;

namespace AkkaMail.Server.Options;

public sealed class DeliveryOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Delivery";

    /// <summary><c>host:port</c> of a smarthost that takes everything instead of the MX hosts. Default none.</summary>
    public string? Relay { get; set; }

    /// <summary>Port of the receivers' MX hosts. Default 25.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 25;

    /// <summary>The name said in EHLO (RFC 5321 §4.1.1.1). Default: this machine's name.</summary>
    [MaxLength(253)]
    public string? EhloName { get; set; }

    /// <summary>The local address connections leave from. Default: the system chooses.</summary>
    public string? SourceAddress { get; set; }

    /// <summary>Connections to the relay at once. Default 100.</summary>
    [Range(1, 5_000)]
    public int RelayConnections { get; set; } = 100;

    /// <summary>Messages a lane holds for each of its connections: on the wire and next. Default 4.</summary>
    [Range(1, 100)]
    public int CreditsPerConnection { get; set; } = 4;

    /// <summary>A lane without mail ends after this long. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleLane { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>An idle connection is closed after this long. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan IdleConnection { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time to connect to one address. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Time for each of banner, EHLO, STARTTLS, MAIL, RCPT. RFC 5321 §4.5.3.2 asks for 5 minutes. Default 5 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time for the answer to DATA (RFC 5321 §4.5.3.2.4). Default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Time for the answer to the final dot (RFC 5321 §4.5.3.2.6). Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan DotTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether MTA-STS policies of recipients' domains are fetched and kept to (RFC 8461). Default True.
    /// </summary>
    public bool MtaSts { get; set; } = true;

    /// <summary>How long a host whose TLS broke gets plain text, where TLS is opportunistic. Default 3 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan BrokenTlsFor { get; set; } = TimeSpan.FromDays(3);

    public DeliverySettings ToSettings() => new(CreditsPerConnection, IdleLane);

    public SendingOptions ToSendingOptions(string ehloName) => new()
    {
        EhloName = ehloName,
        Relay = HasRelay ? SendingOptions.ParseRelay(Relay!) : null,
        Port = Port,
        SourceAddress = SourceAddress is null ? null : System.Net.IPAddress.Parse(SourceAddress),
        Idle = IdleConnection,
        BrokenTlsFor = BrokenTlsFor,
        Timeouts = new()
        {
            Connect = ConnectTimeout,
            Banner = CommandTimeout,
            Ehlo = CommandTimeout,
            StartTls = CommandTimeout,
            MailFrom = CommandTimeout,
            RcptTo = CommandTimeout,
            Data = DataTimeout,
            Dot = DotTimeout,
        },
    };

    public bool HasRelay => !string.IsNullOrWhiteSpace(Relay);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HasRelay
            && (Relay!.LastIndexOf(':') is var colon && colon <= 0 || !ushort.TryParse(Relay.AsSpan(colon + 1), out _)))
            yield return new ValidationResult($"Delivery:Relay ({Relay}) is not host:port.", [nameof(Relay)]);
        if (SourceAddress is { } source && !System.Net.IPAddress.TryParse(source, out _))
            yield return new ValidationResult(
                $"Delivery:SourceAddress ({source}) is not an IP address.", [nameof(SourceAddress)]);
    }
}
