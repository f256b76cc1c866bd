using System.Collections.Immutable;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Domains;

/// <summary>A key that has just been made; its secret is stored already.</summary>
public sealed record NewDomainKey(DkimAlgorithm Algorithm, string PublicPart);

/// <summary>
/// What somebody wants changed of a domain. <paramref name="Tenant"/> is whose it must be, null: anybody's.
/// </summary>
public abstract record DomainOrder(string By, string? Tenant, string Domain) : AccountOrder(By)
{
    /// <summary>Here the tenant is whose it will be.</summary>
    public sealed record Add(string By, string? Tenant, string Domain, ImmutableArray<NewDomainKey> Keys)
        : DomainOrder(By, Tenant, Domain);

    /// <summary>
    /// What DNS has said; of each record what is kept, since how much it says is decided by who runs its name servers.
    /// </summary>
    public sealed record Check(string By, string? Tenant, string Domain, ImmutableArray<RecordCheck> Records)
        : DomainOrder(By, Tenant, Domain)
    {
        /// <summary>More records than these a domain has only while very many keys of it are being changed.</summary>
        private const int SeenOfMax = 30;

        public ImmutableArray<RecordCheck> Records { get; init; } = [.. Records.Select((c, place) =>
            new RecordCheck(c.Record, c.State, place < SeenOfMax ? RecordStanding.Of(c).Seen : [], null))];
    }

    /// <summary>
    /// The standby of each algorithm takes over; <paramref name="Keys"/> are the next standbys, and mail accepted until
    /// now has ended by <paramref name="LastExpiry"/>.
    /// </summary>
    public sealed record Rotate(
        string By, string? Tenant, string Domain, ImmutableArray<DkimAlgorithm> Algorithms,
        ImmutableArray<NewDomainKey> Keys, DateTimeOffset LastExpiry) : DomainOrder(By, Tenant, Domain);

    /// <summary>Keys whose overlap has passed are retired.</summary>
    public sealed record Retire(string By, string? Tenant, string Domain) : DomainOrder(By, Tenant, Domain);

    public sealed record Remove(string By, string? Tenant, string Domain) : DomainOrder(By, Tenant, Domain)
    {
        public string? Note { get; init; }
    }
}
