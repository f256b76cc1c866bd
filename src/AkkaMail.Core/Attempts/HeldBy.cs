using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Attempts;

/// <summary>What holds a message back, the one that has to give way first; the numbers are stored.</summary>
public enum HeldBy : byte
{
    /// <summary>Nothing that lasts: it begins within a moment.</summary>
    [Word("none")] None = 0,

    /// <summary>Its domain's site is not known yet.</summary>
    [Word("lookup")] Lookup = 1,

    /// <summary>No source of its pool can send from here.</summary>
    [Word("source")] Source = 2,

    /// <summary>A limit of messages over time: configured, learnt, or of a rule.</summary>
    [Word("rate")] Rate = 3,

    /// <summary>All connections that are allowed are in use.</summary>
    [Word("connections")] Connections = 4,

    /// <summary>The warm-up's volume of the hour or day is used up.</summary>
    [Word("warm_up")] WarmUp = 5,

    /// <summary>A rule or an operator has stopped the lane, or the tenant or stream on it.</summary>
    [Word("hold")] Hold = 6,

    /// <summary>The receiver cannot be reached, or blocks us, and is tried again only now and then.</summary>
    [Word("breaker")] Breaker = 7,

    /// <summary>The tenant's own limit over all lanes.</summary>
    [Word("tenant_limit")] TenantLimit = 8,

    /// <summary>It is the others' turn.</summary>
    [Word("share")] Share = 9,

    /// <summary>Its stream sends at other hours.</summary>
    [Word("window")] Window = 10,

    /// <summary>Somebody has paused it.</summary>
    [Word("paused")] Paused = 11,

    /// <summary>Its time has not come: it is scheduled, or is tried again then.</summary>
    [Word("due")] Due = 12,
}
