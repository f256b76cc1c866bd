using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// A reaction in force from <paramref name="From"/> up to, not including, <paramref name="Until"/>: by a rule, by the
/// breaker, or by an operator (then there is a <paramref name="Note"/> and no cause).
/// </summary>
public sealed record Hold(
    int Id, Reaction Reaction, HoldTarget Target, DateTimeOffset From, DateTimeOffset Until, string Rule,
    string Version, Cause? Cause, string? Note)
{
    /// <summary>The rule id of what a person ordered.</summary>
    public const string Operator = "operator";

    /// <summary>No order and no rule may last longer: what does has no end.</summary>
    public static readonly TimeSpan LongestEnd = TimeSpan.FromDays(365);

    /// <summary>Who ordered it: the id of an API key, <c>admin</c>; null: nobody did.</summary>
    public string? By { get; init; }

    /// <summary>Null: it lasts until somebody lifts it.</summary>
    public DateTimeOffset? EndsAt => Until - From > LongestEnd ? null : Until;

    /// <summary>It is the lane's own caution, not a rule's or a person's order.</summary>
    public bool IsBreaker => Rule is Breaker.Unreachable or Breaker.Blocked;

    public bool Covers(DateTimeOffset now) => now >= From && now < Until;

    /// <summary>Whether nothing at all is sent on the lane.</summary>
    public bool StopsLane(DateTimeOffset now) => Reaction is Reaction.Suspend && Target.IsLane && Covers(now);

    /// <summary>Whether it stops this tenant's stream, as far as its scope goes.</summary>
    public bool Stops(string tenant, string stream, DateTimeOffset now) =>
        Reaction is Reaction.Suspend && Covers(now) && Target.Concerns(tenant, stream);
}

/// <summary>Whom a reaction holds: the lane, or on that lane a tenant, or a stream of a tenant's.</summary>
public readonly record struct HoldTarget(ReactionScope Scope, string? Tenant, string? Stream)
{
    public static HoldTarget Lane { get; } = new(ReactionScope.Lane, null, null);

    public bool IsLane => Scope == ReactionScope.Lane;

    public bool Concerns(string tenant, string stream) => Scope switch
    {
        ReactionScope.Lane => true,
        ReactionScope.Tenant => tenant == Tenant,
        ReactionScope.Stream => tenant == Tenant && stream == Stream,
        _ => throw new InvalidOperationException($"{Scope} is no scope"),
    };
}
