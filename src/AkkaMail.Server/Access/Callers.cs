using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using AkkaMail.Core.Accounts;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Data;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Access;

/// <summary>
/// Who may come in, by the key in <c>Authorization: Bearer</c>: a tenant's, or the installation's own with all rights.
/// </summary>
internal sealed class Callers(
    DataDirectory data, AccountsView accounts, FailedKeys failed, KeyActivity activity, TimeProvider time)
{
    /// <summary>Compared with when there is no such key, so that the time does not tell which ids there are.</summary>
    private static readonly byte[] NoHash = new byte[ApiKey.HashBytes];

    /// <summary>The caller, or why it may not come in; <paramref name="needed"/> null: any scope will do.</summary>
    /// <param name="isObserved">It is for <see cref="Scopes.Observe"/> too.</param>
    public (Caller? Caller, Refusal? Refusal) Admit(
        string key, IPAddress? from, string? tenant, Scopes? needed, bool isObserved = false)
    {
        var hash = DataDirectory.HashKey(key);
        // All three always.
        var isAdmin = CryptographicOperations.FixedTimeEquals(hash, data.Installation.AdminKeyHash);
        var isSession = CryptographicOperations.FixedTimeEquals(hash, DataDirectory.HashKey(data.SessionKey));
        var known = ApiKey.IdIn(key) is { } id ? accounts.Current?.Keys.GetValueOrDefault(id) : null;
        var isKnown = CryptographicOperations.FixedTimeEquals(hash, known is null ? NoHash : known.Hash.AsSpan())
            & known is not null;

        if (isAdmin | isSession) return ForTenant(new(Caller.Installation, null, Scopes.Admin), tenant);
        if (accounts.Current is not { } now && ApiKey.IdIn(key) is not null)
            return (null, Refusal.Unavailable("The keys have not been read yet; nothing was promised."));
        if (!isKnown || known!.IsExpired(time.GetUtcNow())) return (null, Refuse(key, from, isKnown));
        if (!known.IsFrom(from))
            return (null, new(RefusalCode.KeyNetwork, "The key may not be used from here",
                $"Its networks do not have the address {from}."));
        if (needed is { } scope && !known.Scopes.Allow(scope) && !(isObserved && known.Scopes == Scopes.Observe))
            return (null, new(RefusalCode.KeyScope, "The key may not do that",
                $"It has the scopes {string.Join(", ", known.Scopes.ToWords())}; {scope.ToWords()[0]} is needed."));
        activity.Used(known.Id, from);
        var caller = new Caller(known.Id, null, known.Scopes);
        return ForTenant(caller.ReadsAll ? caller : caller with { Tenant = known.Tenant }, tenant);
    }

    /// <summary>Whether the caller may know the id of that key: a tenant knows its own.</summary>
    public bool Shows(Caller caller, string key) => caller.Tenant is not { } tenant || caller.Has(Scopes.Admin)
        || accounts.Current?.Keys.GetValueOrDefault(key)?.Tenant == tenant;

    /// <summary>Who has no key tries none: that is not counted.</summary>
    private Refusal Refuse(string key, IPAddress? from, bool isExpired)
    {
        var wait = key.Length > 0 ? failed.Count(from) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
            return new(RefusalCode.TooManyWrongKeys, "Too many wrong keys", $"They came from {from}.") { RetryAfter = wait };
        return isExpired
            ? new(RefusalCode.KeyExpired, "The key has expired", "Ask for another one.")
            : new(RefusalCode.KeyWrong, "The key is missing or wrong", "Send it as 'Authorization: Bearer KEY'.");
    }

    /// <summary>A tenant's key may name its own tenant and no other, one that reads all any.</summary>
    private (Caller?, Refusal?) ForTenant(Caller caller, string? tenant)
    {
        if (string.IsNullOrEmpty(tenant)) return (caller, null);
        if (caller.Sees(tenant) && (accounts.Current ?? AccountBook.New).Tenants.ContainsKey(tenant))
            return (caller with { Tenant = tenant }, null);
        return (null, Refusal.Field(Caller.TenantHeader, "names no tenant"));
    }
}
