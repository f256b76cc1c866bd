namespace AkkaMail.Core.Messages;

/// <summary>
/// The fresh message of a queue that is next: when it was due, and how many of the queue, itself the first, go before
/// the others of it since their recipients showed life of late; 0: it has none, whoever comes after it.
/// </summary>
public readonly record struct FreshHead(DateTimeOffset Due, int Engaged)
{
    /// <summary>Nobody waits for an engaged recipient's mail that was due more than this after his own.</summary>
    public static readonly TimeSpan LeadMax = TimeSpan.FromHours(1);

    public bool IsEngaged => Engaged > 0;

    /// <summary>
    /// The earlier one goes first. It is a time and no rank: what came more than an hour before goes before, whoever
    /// comes, and the order is the same on every node, after a restart and on the next day of a warm-up.
    /// </summary>
    public DateTimeOffset Order => OrderOf(Due, IsEngaged);

    public static DateTimeOffset OrderOf(DateTimeOffset due, bool isEngaged) => isEngaged ? due - LeadMax : due;

    /// <summary>
    /// Whether the first of the engaged goes before the first of the others, each by when it was due, in UTC ticks. An
    /// hour later exactly it still does.
    /// </summary>
    public static bool EngagedGoesFirst(long engaged, long other) => engaged - other <= LeadMax.Ticks;
}
