using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tenants;

/// <summary>What somebody wants changed in a tenant's streams.</summary>
public abstract record StreamOrder(string By, string Tenant, string Name) : AccountOrder(By)
{
    /// <summary>A null <paramref name="Unsubscribe"/> is as the kind has it.</summary>
    public sealed record Create(
        string By, string Tenant, string Name, string? Title, StreamKind Kind, bool? Unsubscribe)
        : StreamOrder(By, Tenant, Name)
    {
        public bool? KeepEnvelopeSender { get; init; }
        public bool? TextFromHtml { get; init; }
        public bool? EngagedFirst { get; init; }
    }

    /// <summary>What is null stays as it is, but for a title that is to be cleared.</summary>
    public sealed record Change(
        string By, string Tenant, string Name, string? Title, bool ClearsTitle, bool? Unsubscribe)
        : StreamOrder(By, Tenant, Name)
    {
        public bool? KeepEnvelopeSender { get; init; }
        public bool? TextFromHtml { get; init; }
        public bool? EngagedFirst { get; init; }
    }

    public sealed record Delete(string By, string Tenant, string Name) : StreamOrder(By, Tenant, Name)
    {
        public string? Note { get; init; }
    }
}
