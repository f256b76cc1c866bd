using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Why a message has not begun. <paramref name="Until"/> is when that ends by time alone, null: not known, or something
/// else has to happen.
/// </summary>
public sealed record Waiting(HeldBy By, DateTimeOffset? Until = null)
{
    /// <summary>Null: not known yet.</summary>
    public string? Site { get; init; }

    /// <summary>The lane it will go by, as things stand; null: not known yet.</summary>
    public LaneKey? Lane { get; init; }

    /// <summary>The rule behind it, and the reply behind that; null: nobody said anything.</summary>
    public Slowing? Why { get; init; }

    /// <summary>When it begins if nothing changes; null: nobody can tell.</summary>
    public DateTimeOffset? Eta { get; init; }

    /// <summary>About how many of its lane and class begin before it; null: not known.</summary>
    public long? Ahead { get; init; }
}
