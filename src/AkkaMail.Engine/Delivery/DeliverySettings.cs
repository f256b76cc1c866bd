namespace AkkaMail.Engine.Delivery;

/// <summary>
/// How much a node delivers at once. <paramref name="ConnectionsPerSite"/> connections to one site;
/// <paramref name="RelayConnections"/> to the relay. A lane may hold <paramref name="CreditsPerConnection"/> messages a
/// connection: one on the wire and the next ones at hand. A lane without mail ends after <paramref name="IdleLane"/>.
/// </summary>
public sealed record DeliverySettings(
    int ConnectionsPerSite, int RelayConnections, int CreditsPerConnection, TimeSpan IdleLane)
{
    /// <summary>The site of everything when a relay is set.</summary>
    public const string RelaySite = "relay";

    public static DeliverySettings Default { get; } = new(10, 100, 4, TimeSpan.FromSeconds(30));

    /// <summary>
    /// Lanes at once: recipients choose domains, and each lane is a stream with connections of its own.
    /// </summary>
    public int LanesMax { get; init; } = 2_000;

    /// <summary>A ledger that does not answer a request for mail loses its credit after this long.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Results a ledger has not confirmed are sent again this often.</summary>
    public TimeSpan RepeatResults { get; init; } = TimeSpan.FromSeconds(5);

    public int Connections(string site) => site == RelaySite ? RelayConnections : ConnectionsPerSite;
}
