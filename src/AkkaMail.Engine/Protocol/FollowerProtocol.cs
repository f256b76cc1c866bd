using System.Collections.Immutable;
using AkkaMail.Core.Projecting;

namespace AkkaMail.Engine.Protocol;

/// <summary>
/// Events the ledger has just stored, in order; <paramref name="Newest"/> is the last one in the journal.
/// </summary>
public sealed record Committed(ImmutableArray<NumberedEvent> Events, long Newest);

/// <summary>This generation of the projection <c>messages</c> has everything up to this number.</summary>
public sealed record Projected(int Generation, long UpTo);

/// <summary>How the projection is to be followed from now on: another generation may be the one that is read.</summary>
public sealed record FollowAs(Projection Projection);

/// <summary>The reactor of this name has everything up to this number, for good.</summary>
public sealed record Followed(string Reactor, long UpTo);
