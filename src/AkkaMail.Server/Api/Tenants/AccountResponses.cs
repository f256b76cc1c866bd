using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Storage.Tenants;

namespace AkkaMail.Server.Api.Tenants;

/// <summary>A tenant: who sends through the installation.</summary>
/// <param name="Name">What it is called for ever.</param>
/// <param name="Title">What people call it. Absent: it has none.</param>
/// <param name="Suspended">Whether nothing new is accepted of it.</param>
/// <param name="CreatedAt">When it was made. Absent for <c>default</c>, which was there from the start.</param>
/// <param name="Quota">How many recipients it may send to. Absent: as many as it likes.</param>
public sealed record TenantResponse(
    string Name, string? Title, bool Suspended, DateTimeOffset? CreatedAt, QuotaResponse? Quota)
{
    internal static TenantResponse Of(Tenant t) => new(
        t.Name, t.Title, t.IsSuspended, t.CreatedAt == DateTimeOffset.MinValue ? null : t.CreatedAt,
        QuotaResponse.Of(t.Quota));
}

/// <summary>A page of a list.</summary>
/// <param name="Tenants">A page of tenants, by name.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record TenantListResponse(IReadOnlyList<TenantResponse> Tenants, string? NextCursor);

/// <summary>A key, without its secret.</summary>
/// <param name="Id">What it is called. Audit log and messages name it by this.</param>
/// <param name="Key">The key itself, once: in the answer that made it. It is not kept.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Networks">Where it may come from. Empty: anywhere.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused. Absent: never.</param>
/// <param name="LastUsedAt">When it was used last, up to a minute behind. Absent: never.</param>
/// <param name="LastUsedFrom">The address it was used from last. Absent: never.</param>
public sealed record KeyResponse(
    string Id, string? Key, string Tenant, string Name,
    [OneOf("send", "read", "manage", "observe", "admin")] IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Networks, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt,
    string? LastUsedFrom)
{
    internal static KeyResponse Of(ApiKey k, KeyUse? last, string? text = null) => new(
        k.Id, text, k.Tenant, k.Name, k.Scopes.ToWords(), [.. k.Networks.Select(n => n.ToString())], k.CreatedAt,
        k.ExpiresAt, last?.At, last?.From);
}

/// <summary>A page of a list.</summary>
/// <param name="Keys">A page of keys, by id.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record KeyListResponse(IReadOnlyList<KeyResponse> Keys, string? NextCursor);
