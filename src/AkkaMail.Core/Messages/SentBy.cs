using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// Whose a message is. Each later fact of it says so again, so that figures need no row that may have been pruned.
/// </summary>
public readonly record struct SentBy(string Tenant, string Stream, StreamKind Kind, string Sender);

/// <summary>
/// Where an attempt went. <paramref name="Source"/> is its name, or an address of the source <c>default</c>; null: it
/// never left. <paramref name="Provider"/> is null of a site that is no provider's.
/// </summary>
public sealed record Way(string Site, string? Source, string? Provider)
{
    public string Site { get; init => field = WellFormed.Of(value); } = WellFormed.Of(Site);
    public string? Source { get; init => field = WellFormed.OrNull(value); } = WellFormed.OrNull(Source);
    public string? Provider { get; init => field = WellFormed.OrNull(value); } = WellFormed.OrNull(Provider);
}
