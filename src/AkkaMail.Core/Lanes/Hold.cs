using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// A reaction in force from <paramref name="From"/> up to, not including, <paramref name="Until"/>: by a rule, by the
/// breaker, or by an operator (then there is a <paramref name="Note"/> and no cause).
/// </summary>
public sealed record Hold(
    int Id, Reaction Reaction, ReactionScope Scope, string? Tenant, string? Stream, DateTimeOffset From,
    DateTimeOffset Until, string Rule, string Version, Cause? Cause, string? Note)
{
    /// <summary>The rule id of what a person ordered.</summary>
    public const string Operator = "operator";

    public bool Covers(DateTimeOffset now) => now >= From && now < Until;

    /// <summary>Whether it stops this tenant's stream, as far as its scope goes.</summary>
    public bool Stops(string tenant, string stream, DateTimeOffset now) =>
        Reaction is Reaction.Suspend && Covers(now) && Concerns(tenant, stream);

    public bool Concerns(string tenant, string stream) => Scope switch
    {
        ReactionScope.Lane => true,
        ReactionScope.Tenant => tenant == Tenant,
        ReactionScope.Stream => tenant == Tenant && stream == Stream,
        _ => throw new InvalidOperationException($"{Scope} is no scope"),
    };
}
