using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// How much a new source may send to a provider: one stage a sending day, of so many messages
/// <paramref name="Per"/> hour or day. A stage of which more than a tenth was not delivered is repeated.
/// </summary>
public sealed record WarmUpPlan(string Name, TimeSpan Per, ImmutableArray<long> Stages);
