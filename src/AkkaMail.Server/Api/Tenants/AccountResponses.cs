using AkkaMail.Core.Tenants;

namespace AkkaMail.Server.Api.Tenants;

public sealed record TenantResponse(
    string Name, string? Title, bool Suspended, DateTimeOffset? CreatedAt, QuotaResponse? Quota)
{
    internal static TenantResponse Of(Tenant t) => new(
        t.Name, t.Title, t.IsSuspended, t.CreatedAt == DateTimeOffset.MinValue ? null : t.CreatedAt,
        QuotaResponse.Of(t.Quota));
}

public sealed record TenantListResponse(IReadOnlyList<TenantResponse> Tenants, string? NextCursor);

/// <summary><paramref name="Key"/> is there once, when it has just been made: it is not kept.</summary>
public sealed record KeyResponse(
    string Id, string? Key, string Tenant, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Networks,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    internal static KeyResponse Of(ApiKey k, string? text = null) => new(
        k.Id, text, k.Tenant, k.Name, k.Scopes.ToWords(), [.. k.Networks.Select(n => n.ToString())], k.CreatedAt,
        k.ExpiresAt);
}

public sealed record KeyListResponse(IReadOnlyList<KeyResponse> Keys, string? NextCursor);
