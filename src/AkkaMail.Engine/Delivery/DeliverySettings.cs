namespace AkkaMail.Engine.Delivery;

/// <summary>
/// How much a node delivers at once. It has <paramref name="CreditsPerConnection"/> messages at hand for each
/// connection, but no more than go within a second. A lane without mail ends after <paramref name="IdleLane"/>.
/// </summary>
public sealed record DeliverySettings(int CreditsPerConnection, TimeSpan IdleLane)
{
    public static DeliverySettings Default { get; } = new(4, TimeSpan.FromSeconds(30));

    /// <summary>
    /// Lanes at once: recipients choose domains, and each lane is a stream with connections of its own.
    /// </summary>
    public int LanesMax { get; init; } = 2_000;

    /// <summary>Domains whose site is remembered.</summary>
    public int SitesMax { get; init; } = 100_000;

    /// <summary>A ledger that does not answer a request for mail loses its room after this long.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Results a ledger has not confirmed are sent again this often.</summary>
    public TimeSpan RepeatResults { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Objections of a receiver that come so close together reach the governor as one.</summary>
    public TimeSpan ObjectionPause { get; init; } = TimeSpan.FromMilliseconds(100);
}
