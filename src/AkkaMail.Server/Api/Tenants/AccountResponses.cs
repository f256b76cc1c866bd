using AkkaMail.Core.Tenants;
using AkkaMail.Storage.Tenants;

namespace AkkaMail.Server.Api.Tenants;

public sealed record TenantResponse(
    string Name, string? Title, bool Suspended, DateTimeOffset? CreatedAt, QuotaResponse? Quota)
{
    internal static TenantResponse Of(Tenant t) => new(
        t.Name, t.Title, t.IsSuspended, t.CreatedAt == DateTimeOffset.MinValue ? null : t.CreatedAt,
        QuotaResponse.Of(t.Quota));
}

public sealed record TenantListResponse(IReadOnlyList<TenantResponse> Tenants, string? NextCursor);

/// <summary>
/// <paramref name="Key"/> is there once, when it has just been made: it is not kept. <paramref name="LastUsedAt"/> is
/// behind by a minute at most, by what other nodes have let in.
/// </summary>
public sealed record KeyResponse(
    string Id, string? Key, string Tenant, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Networks,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, string? LastUsedFrom)
{
    internal static KeyResponse Of(ApiKey k, KeyUse? last, string? text = null) => new(
        k.Id, text, k.Tenant, k.Name, k.Scopes.ToWords(), [.. k.Networks.Select(n => n.ToString())], k.CreatedAt,
        k.ExpiresAt, last?.At, last?.From);
}

public sealed record KeyListResponse(IReadOnlyList<KeyResponse> Keys, string? NextCursor);
