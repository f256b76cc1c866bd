using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Suppression;

/// <summary>How far an entry reaches; the numbers are stored.</summary>
public enum SuppressionScope : byte
{
    [Word("global")] Global = 0,
    [Word("tenant")] Tenant = 1,
    [Word("stream")] Stream = 2,
}

/// <summary>What an entry came from; the numbers are stored.</summary>
public enum SuppressionOrigin : byte
{
    [Word("manual")] Manual = 0,
    [Word("import")] Import = 1,
    [Word("hard_bounce")] HardBounce = 2,
    [Word("soft_bounces")] SoftBounces = 3,
    [Word("complaint")] Complaint = 4,
    [Word("unsubscribe")] Unsubscribe = 5,
}

/// <summary>
/// Whom nothing is sent to, and for whom that holds: <paramref name="Tenant"/> and <paramref name="Stream"/> are empty
/// where the scope is wider. <paramref name="Target"/> is the keyed hash of the address, or of <c>@domain</c>.
/// </summary>
public readonly record struct SuppressionKey(
    Hash128 Target, SuppressionScope Scope, string Tenant, string Stream)
{
    public static SuppressionKey Of(SuppressionScope scope, string tenant, string stream, Hash128 target) => new(
        target, scope, scope == SuppressionScope.Global ? "" : tenant,
        scope == SuppressionScope.Stream ? stream : "");

    public bool Covers(string tenant, string stream) => Scope switch
    {
        SuppressionScope.Global => true,
        SuppressionScope.Tenant => Tenant == tenant,
        _ => Tenant == tenant && Stream == stream,
    };
}

/// <summary>
/// Why an entry is there. <paramref name="Rule"/> of the bounce rules <paramref name="Version"/> read
/// <paramref name="Reply"/>, which <paramref name="Cause"/> (a message) got at <paramref name="Site"/> from
/// <paramref name="Source"/>; all null where a person added it.
/// </summary>
public sealed record SuppressionCause(
    string? Cause, string? Reason, string? Rule, string? Version, string? Source, string? Site, string? Reply)
{
    public static SuppressionCause None { get; } = new(null, null, null, null, null, null, null);
}

/// <summary>An entry to be made. <paramref name="Address"/> is what <see cref="SuppressionKey.Target"/> stands for,
/// null when it has been erased; <paramref name="By"/> is the key that ordered it, or <c>engine</c>.</summary>
public sealed record NewSuppression(
    SuppressionKey Key, string? Address, SuppressionOrigin Origin, SuppressionCause Why, string? Note, string By,
    DateTimeOffset At, DateTimeOffset? ExpiresAt);

/// <summary>An entry in force.</summary>
public sealed record SuppressionEntry(long Id, NewSuppression What)
{
    public bool IsOver(DateTimeOffset now) => What.ExpiresAt <= now;
}

/// <summary>What happened to an entry: it was added, or lifted (by an undo, when it has a name).</summary>
public sealed record SuppressionEvent(
    long Number, DateTimeOffset At, bool IsLifted, long Entry, string By, string? Undo, string? Note);
