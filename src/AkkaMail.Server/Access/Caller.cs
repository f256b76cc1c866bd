using System.Reflection;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Server.Access;

/// <summary>
/// Who a request comes from, as its key says. <paramref name="By"/> is the key's id; <paramref name="Tenant"/> is null
/// for one with all rights that has named no tenant: it sees everything, and sends as <c>default</c>.
/// </summary>
internal sealed record Caller(string By, string? Tenant, Scopes Scopes)
{
    /// <summary>Names the tenant that one with all rights acts for.</summary>
    public const string TenantHeader = "AkkaMail-Tenant";

    /// <summary>The installation's own key, from its settings or its first start.</summary>
    public const string Installation = "admin";

    /// <summary>Whose mail it sends and whose things it makes.</summary>
    public string ActsFor => Tenant ?? Core.Tenants.Tenant.Default;

    public bool Sees(string tenant) => Tenant is null || Tenant == tenant;

    public bool Has(Scopes scope) => Scopes.Allow(scope);

    /// <summary>For the parameter of an endpoint; <see cref="Callers"/> has put it there.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<Caller>());
}

/// <summary>What a key needs for an endpoint; one that says nothing is for <see cref="Scopes.Admin"/>.</summary>
internal sealed record NeedsScope(Scopes Scope);

internal static class NeedsScopes
{
    public static T Needs<T>(this T endpoint, Scopes scope) where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new NeedsScope(scope));
}
