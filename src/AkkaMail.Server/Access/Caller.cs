using System.Reflection;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Server.Access;

/// <summary>
/// Who a request comes from, as its key says. <paramref name="By"/> is the key's id; <paramref name="Tenant"/> is null
/// for one that reads all and has named no tenant: it sees everything, and with all rights sends as <c>default</c>.
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

    /// <summary>It sees what is of the installation, and of every tenant.</summary>
    public bool ReadsAll => Scopes.HasFlag(Scopes.Admin) || IsObserver;

    /// <summary>It sees no address and no body of a mail, and orders nothing.</summary>
    public bool IsObserver => Scopes == Scopes.Observe;

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
