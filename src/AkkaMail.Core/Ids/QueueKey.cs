namespace AkkaMail.Core.Ids;

/// <summary>
/// What waits together in a ledger: one tenant's stream to one domain. Which queue is served next is the delivery's to
/// decide, over all ledgers; here a queue is only kept in order. <paramref name="OwnKind"/> is the kind of a tenant's
/// own stream when its mail was accepted, null for the two that every tenant has: nodes of an earlier version name
/// those queues the same.
/// </summary>
public readonly record struct QueueKey(string Domain, string Tenant, string Stream, StreamKind? OwnKind = null)
{
    public bool IsTransactional => (OwnKind ?? Streams.KindOf(Stream)) == StreamKind.Transactional;

    public static QueueKey Of(string domain, string tenant, string stream, StreamKind kind) =>
        new(domain, tenant, stream, Streams.IsBuiltIn(stream) ? null : kind);
}
