using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Networks;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Tenants;

/// <summary>A tenant to be made.</summary>
/// <param name="Name">What it is called for ever: small letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Quota">How many recipients it may send to. Left out: as many as it likes.</param>
public sealed record CreateTenantRequest(
    [Required, MaxLength(Tenant.NameCharacters)] string? Name, [MaxLength(Tenant.TitleCharacters)] string? Title,
    QuotaRequest? Quota)
{
    internal AccountOrder ToOrder(string by, FieldErrors errors)
    {
        errors.Check("name", Name is null ? "is required" : Tenant.NameProblem(Name));
        errors.Check("title", AccountRules.Title(Title));
        return new AccountOrder.CreateTenant(by, Name!, Title) { Quota = Quota?.ToQuota(errors) };
    }
}

/// <summary>What to change of a tenant. What is left out stays as it is.</summary>
public sealed record ChangeTenantRequest
{
    private string? _title;
    private QuotaRequest? _quota;
    private bool _hasTitle, _hasQuota;

    // Set, not init: a property is only set when it is in the body, and that tells null from left out.

    /// <summary>What people call it. <c>null</c> takes it away.</summary>
    [MaxLength(Tenant.TitleCharacters)]
    public string? Title
    {
        get => _title;
        set => (_title, _hasTitle) = (value, true);
    }

    /// <summary><c>true</c>: nothing new is accepted of it; what was accepted goes on.</summary>
    public bool? Suspended { get; set; }

    /// <summary>How many recipients it may send to. <c>null</c>: as many as it likes.</summary>
    public QuotaRequest? Quota
    {
        get => _quota;
        set => (_quota, _hasQuota) = (value, true);
    }

    internal AccountOrder ToOrder(string by, string name, FieldErrors errors)
    {
        errors.Check("title", AccountRules.Title(Title));
        return new AccountOrder.ChangeTenant(by, name, Title, Suspended)
        {
            Quota = Quota?.ToQuota(errors),
            Clears = (_hasTitle && Title is null ? AccountFields.Title : AccountFields.None)
                | (_hasQuota && Quota is null ? AccountFields.Quota : AccountFields.None),
        };
    }
}

/// <summary>A key to be made, for the tenant that the request is of.</summary>
public sealed record CreateKeyRequest
{
    /// <summary>What people call it.</summary>
    [Required, MaxLength(ApiKey.NameCharacters)]
    public string? Name { get; init; }

    /// <summary>
    /// What it may do. <c>observe</c> stands alone: it reads of every tenant, and sees no address and no body. No key
    /// can make one that may do more.
    /// </summary>
    [Required, OneOf("send", "read", "manage", "observe", "admin")]
    public string?[]? Scopes { get; init; }

    /// <summary>
    /// Addresses or networks it may come from, as <c>192.0.2.7</c> or <c>192.0.2.0/24</c>. Left out: any.
    /// </summary>
    [MaxLength(ApiKey.NetworksMax)]
    public string?[]? Networks { get; init; }

    /// <summary>From when on it is refused. Left out: never.</summary>
    [JsonConverter(typeof(TimeConverter))] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary><paramref name="id"/> and <paramref name="hash"/> are of the key that has just been drawn.</summary>
    internal AccountOrder.CreateKey ToOrder(
        Caller caller, string id, ImmutableArray<byte> hash, DateTimeOffset now, FieldErrors errors)
    {
        errors.Check("name", Name is null ? "is required" : AccountRules.KeyName(Name));
        var scopes = AccountRules.Scopes(Scopes, errors);
        if (scopes.HasFlag(Core.Tenants.Scopes.Admin) && !caller.Has(Core.Tenants.Scopes.Admin))
            errors.Add("scopes", "cannot have admin: your key has not either");
        if (scopes.HasFlag(Core.Tenants.Scopes.Observe) && !caller.Has(Core.Tenants.Scopes.Admin))
            errors.Add("scopes", "cannot have observe: it reads every tenant's, and your key does not");
        var networks = AccountRules.Networks(Networks, errors);
        errors.Check("expires_at", AccountRules.Expiry(ExpiresAt, now));
        return new(caller.By, id, caller.ActsFor, Name!, scopes, networks, ExpiresAt, hash);
    }
}

/// <summary>What to change of a key. What is left out stays as it is. A key that may do more is another key.</summary>
public sealed record ChangeKeyRequest
{
    private string?[]? _networks;
    private DateTimeOffset? _expiresAt;
    private bool _hasNetworks, _hasExpiry;

    /// <summary>What people call it.</summary>
    [MaxLength(ApiKey.NameCharacters)]
    public string? Name { get; set; }

    /// <summary>Addresses or networks it may come from. <c>null</c> or none: any.</summary>
    [MaxLength(ApiKey.NetworksMax)]
    public string?[]? Networks
    {
        get => _networks;
        set => (_networks, _hasNetworks) = (value, true);
    }

    /// <summary>From when on it is refused. <c>null</c>: never.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? ExpiresAt
    {
        get => _expiresAt;
        set => (_expiresAt, _hasExpiry) = (value, true);
    }

    internal AccountOrder ToOrder(Caller caller, string id, DateTimeOffset now, FieldErrors errors)
    {
        errors.Check("name", Name is null ? null : AccountRules.KeyName(Name));
        errors.Check("expires_at", AccountRules.Expiry(ExpiresAt, now));
        var networks = _hasNetworks ? AccountRules.Networks(Networks, errors) : (ImmutableArray<IPNetwork>?)null;
        return new AccountOrder.ChangeKey(caller.By, caller.Tenant, id, Name, networks, ExpiresAt)
        {
            Clears = _hasExpiry && ExpiresAt is null ? AccountFields.ExpiresAt : AccountFields.None,
        };
    }
}

internal static class AccountRules
{
    public static string? Title(string? title) =>
        title?.Length > Tenant.TitleCharacters ? $"has more than {Tenant.TitleCharacters} characters" : null;

    public static string? KeyName(string name) => name.Trim().Length is 0 or > ApiKey.NameCharacters
        ? $"must have 1 to {ApiKey.NameCharacters} characters" : null;

    public static string? Expiry(DateTimeOffset? at, DateTimeOffset now) => at <= now ? "is in the past" : null;

    public static Scopes Scopes(string?[]? words, FieldErrors errors)
    {
        var scopes = Core.Tenants.Scopes.None;
        for (var i = 0; i < (words?.Length ?? 0); i++)
            if (ScopeWords.Parse(words![i] ?? "") is { } scope) scopes |= scope;
            else errors.Add($"scopes[{i}]", $"must be one of {ScopeWords.All}");
        if (words is null or []) errors.Add("scopes", $"is required: some of {ScopeWords.All}");
        if (scopes.HasFlag(Core.Tenants.Scopes.Observe) && scopes != Core.Tenants.Scopes.Observe)
            errors.Add("scopes", "has observe and others: it stands alone, since it sees no address");
        return scopes;
    }

    public static ImmutableArray<IPNetwork> Networks(string?[]? texts, FieldErrors errors)
    {
        if (texts?.Length > ApiKey.NetworksMax)
        {
            errors.Add("networks", $"has more than {ApiKey.NetworksMax} entries");
            return [];
        }
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        for (var i = 0; i < (texts?.Length ?? 0); i++)
            if (NetworkText.Read(texts![i] ?? "") is { } network) networks.Add(network);
            else errors.Add($"networks[{i}]", "is neither an address nor a network, as in 192.0.2.7 or 192.0.2.0/24");
        return networks.ToImmutable();
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateTenantRequest))]
[JsonSerializable(typeof(ChangeTenantRequest))]
[JsonSerializable(typeof(CreateKeyRequest))]
[JsonSerializable(typeof(ChangeKeyRequest))]
internal sealed partial class AccountJson : JsonSerializerContext;
