using System.ComponentModel.DataAnnotations;
using System.Net;
using AkkaMail.Core.Networks;
using AkkaMail.Engine.Delivery;
using AkkaMail.Smtp.Sending;

namespace AkkaMail.Server.Options;

public sealed class DeliveryOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Delivery";

    /// <summary><c>host:port</c> of a smarthost that takes everything instead of the MX hosts. Default none.</summary>
    public string? Relay { get; set; }

    /// <summary>
    /// How long a node that ends waits for the attempts it has under way; what takes longer is in doubt, and sent again.
    /// Whoever stops the process must leave it as long, and half a minute more. Default 30 s with PostgreSQL, where others go
    /// on with its ledgers meanwhile; 4 s with files.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan? DrainTime { get; set; }

    /// <summary>Port of the receivers' MX hosts. Default 25.</summary>
    [Range(1, 65535)]
    [DefaultOf<SendingOptions>(nameof(SendingOptions.Port))]
    public int Port { get; set; } = SendingOptions.Default.Port;

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
    [DefaultOf<DeliverySettings>(nameof(DeliverySettings.CreditsPerConnection))]
    public int CreditsPerConnection { get; set; } = DeliverySettings.Default.CreditsPerConnection;

    /// <summary>A lane without mail ends after this long. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    [DefaultOf<DeliverySettings>(nameof(DeliverySettings.IdleLane))]
    public TimeSpan IdleLane { get; set; } = DeliverySettings.Default.IdleLane;

    /// <summary>An idle connection is closed after this long. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    [DefaultOf<SendingOptions>(nameof(SendingOptions.Idle))]
    public TimeSpan IdleConnection { get; set; } = SendingOptions.Default.Idle;

    /// <summary>Time to connect to one address. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    [DefaultOf<StepTimeouts>(nameof(StepTimeouts.Connect))]
    public TimeSpan ConnectTimeout { get; set; } = StepTimeouts.Default.Connect;

    /// <summary>Time for each of banner and EHLO: another host may be waiting to be tried. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    [DefaultOf<StepTimeouts>(nameof(StepTimeouts.Banner))]
    public TimeSpan GreetingTimeout { get; set; } = StepTimeouts.Default.Banner;

    /// <summary>Time for STARTTLS and the handshake. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    [DefaultOf<StepTimeouts>(nameof(StepTimeouts.StartTls))]
    public TimeSpan StartTlsTimeout { get; set; } = StepTimeouts.Default.StartTls;

    /// <summary>Time for each of MAIL and RCPT. RFC 5321 §4.5.3.2 asks for 5 minutes. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    [DefaultOf<StepTimeouts>(nameof(StepTimeouts.MailFrom))]
    public TimeSpan CommandTimeout { get; set; } = StepTimeouts.Default.MailFrom;

    /// <summary>Time for the answer to DATA (RFC 5321 §4.5.3.2.4). Default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    [DefaultOf<StepTimeouts>(nameof(StepTimeouts.Data))]
    public TimeSpan DataTimeout { get; set; } = StepTimeouts.Default.Data;

    /// <summary>Time for the answer to the final dot (RFC 5321 §4.5.3.2.6). Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    [DefaultOf<StepTimeouts>(nameof(StepTimeouts.Dot))]
    public TimeSpan DotTimeout { get; set; } = StepTimeouts.Default.Dot;

    /// <summary>
    /// Whether MTA-STS policies of recipients' domains are fetched and kept to (RFC 8461). Default True.
    /// </summary>
    public bool MtaSts { get; set; } = true;

    /// <summary>How long a host whose TLS broke gets plain text, where TLS is opportunistic. Default 3 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    [DefaultOf<SendingOptions>(nameof(SendingOptions.BrokenTlsFor))]
    public TimeSpan BrokenTlsFor { get; set; } = SendingOptions.Default.BrokenTlsFor;

    /// <summary>
    /// Networks that mail may go to although they are private, loopback or otherwise special, when a recipient's DNS
    /// leads there: <c>10.0.0.0/8,fd00::/8</c>. A relay or smarthost that is named needs none. Default: none.
    /// </summary>
    [MaxLength(4_096)]
    public string? AllowNetworks { get; set; }

    /// <summary>Without what is no network; validation has said so.</summary>
    public AddressGuard Guard => new([.. NetworkText.Entries(AllowNetworks).Select(NetworkText.Read).OfType<IPNetwork>()]);

    public DeliverySettings ToSettings() => new(CreditsPerConnection, IdleLane);

    public SendingOptions ToSendingOptions(string ehloName) => new()
    {
        EhloName = ehloName,
        Relay = HasRelay ? SendingOptions.ParseRelay(Relay!) : null,
        Port = Port,
        SourceAddress = SourceAddress is null ? null : IPAddress.Parse(SourceAddress),
        Idle = IdleConnection,
        BrokenTlsFor = BrokenTlsFor,
        Timeouts = new()
        {
            Connect = ConnectTimeout,
            Banner = GreetingTimeout,
            Ehlo = GreetingTimeout,
            StartTls = StartTlsTimeout,
            MailFrom = CommandTimeout,
            RcptTo = CommandTimeout,
            Data = DataTimeout,
            Dot = DotTimeout,
        },
    };

    public bool HasRelay => !string.IsNullOrWhiteSpace(Relay);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HasRelay && !HostText.IsHostAndPort(Relay!))
            yield return new ValidationResult(
                $"Delivery:Relay ({HostText.Shown(Relay!)}) is not host:port.", [nameof(Relay)]);
        foreach (var fault in HostText.NoNames("Delivery", HostText.IsSaid, (nameof(EhloName), EhloName)))
            yield return fault;
        foreach (var text in NetworkText.Entries(AllowNetworks).Where(text => NetworkText.Read(text) is null))
            yield return new ValidationResult(
                $"Delivery:AllowNetworks ({text}) is neither an address nor a network like 10.0.0.0/8.", [nameof(AllowNetworks)]);
        if (SourceAddress is { } source && NetworkText.Address(source) is null)
            yield return new ValidationResult(
                $"Delivery:SourceAddress ({source}) is not an IP address.", [nameof(SourceAddress)]);
    }
}
