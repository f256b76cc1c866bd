using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// Where an unfinished message stands: <paramref name="Time"/> is when it is or was due, or when its attempt began;
/// <paramref name="Before"/>, about how many of its queue are taken before it, null: it does not wait there, or that is
/// not known.
/// </summary>
public readonly record struct MessagePlace(QueueKey Queue, MessageStatus Status, DateTimeOffset Time, int? Before)
{
    /// <summary>Its recipient showed life of late, and it is fresh: it goes before others.</summary>
    public bool IsEngaged { get; init; }

    /// <summary>So many of <see cref="Before"/> go first because their recipients showed life of late.</summary>
    public int EngagedBefore { get; init; }
}
