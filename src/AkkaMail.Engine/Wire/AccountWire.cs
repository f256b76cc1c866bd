using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Tenants;
using Google.Protobuf;

namespace AkkaMail.Engine.Wire;

/// <summary>Each event of the accounts to its own wire message and back.</summary>
internal static class AccountWire
{
    public static TenantCreatedWire To(TenantCreated e)
    {
        var wire = new TenantCreatedWire
        { At = e.At.ToWire(), By = e.By, Tenant = e.Tenant, Quota = e.Quota?.ToWire() };
        if (e.Title is { } title) wire.Title = title;
        return wire;
    }

    public static TenantCreated From(TenantCreatedWire e) =>
        new(e.At.ToTime(), e.By, e.Tenant, e.HasTitle ? e.Title : null) { Quota = e.Quota?.ToQuota() };

    public static TenantChangedWire To(TenantChanged e)
    {
        var wire = new TenantChangedWire
        {
            At = e.At.ToWire(),
            By = e.By,
            Tenant = e.Tenant,
            IsSuspended = e.IsSuspended,
            Quota = e.Quota?.ToWire(),
        };
        if (e.Title is { } title) wire.Title = title;
        return wire;
    }

    public static TenantChanged From(TenantChangedWire e) =>
        new(e.At.ToTime(), e.By, e.Tenant, e.HasTitle ? e.Title : null, e.IsSuspended)
        { Quota = e.Quota?.ToQuota() };

    public static TenantClosedWire To(TenantClosed e)
    {
        var wire = new TenantClosedWire { At = e.At.ToWire(), By = e.By, Tenant = e.Tenant };
        if (e.Note is { } note) wire.Note = note;
        return wire;
    }

    public static TenantClosed From(TenantClosedWire e) =>
        new(e.At.ToTime(), e.By, e.Tenant) { Note = e.HasNote ? e.Note : null };

    public static KeyCreatedWire To(KeyCreated e)
    {
        var wire = new KeyCreatedWire
        {
            At = e.At.ToWire(),
            By = e.By,
            Id = e.Id,
            Tenant = e.Tenant,
            Name = e.Name,
            Scopes = (int)e.Scopes,
            Networks = { e.Networks.Select(n => n.ToString()) },
            Hash = ByteString.CopyFrom(e.Hash.AsSpan()),
        };
        if (e.ExpiresAt is { } at) wire.ExpiresAt = at.ToWire();
        return wire;
    }

    public static KeyCreated From(KeyCreatedWire e) => new(
        e.At.ToTime(), e.By, e.Id, e.Tenant, e.Name, (Scopes)e.Scopes, ToNetworks(e.Networks),
        e.HasExpiresAt ? e.ExpiresAt.ToTime() : null, [.. e.Hash.Span]);

    public static KeyChangedWire To(KeyChanged e)
    {
        var wire = new KeyChangedWire
        {
            At = e.At.ToWire(),
            By = e.By,
            Id = e.Id,
            Name = e.Name,
            Networks = { e.Networks.Select(n => n.ToString()) },
        };
        if (e.ExpiresAt is { } at) wire.ExpiresAt = at.ToWire();
        return wire;
    }

    public static KeyChanged From(KeyChangedWire e) => new(
        e.At.ToTime(), e.By, e.Id, e.Name, ToNetworks(e.Networks), e.HasExpiresAt ? e.ExpiresAt.ToTime() : null);

    public static KeyRevokedWire To(KeyRevoked e)
    {
        var wire = new KeyRevokedWire { At = e.At.ToWire(), By = e.By, Id = e.Id };
        if (e.Note is { } note) wire.Note = note;
        return wire;
    }

    public static KeyRevoked From(KeyRevokedWire e) =>
        new(e.At.ToTime(), e.By, e.Id) { Note = e.HasNote ? e.Note : null };

    public static LossAcceptedWire To(LossAccepted e) => new() { At = e.At.ToWire(), By = e.By, File = e.File };

    public static LossAccepted From(LossAcceptedWire e) => new(e.At.ToTime(), e.By, e.File);

    private static ImmutableArray<IPNetwork> ToNetworks(IReadOnlyList<string> texts) =>
        WireTypes.Array(texts, text => IPNetwork.Parse(text));
}
