using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Accounts;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Tests.Accounts;

/// <summary>Who there is, and which orders are followed.</summary>
public sealed class AccountsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private AccountBook _accounts = AccountBook.New;

    [Fact]
    public void There_is_a_default_tenant_from_the_start_and_it_cannot_be_closed()
    {
        Assert.Equal([Tenant.Default], _accounts.Tenants.Keys);
        Assert.Equal(AccountRefusal.NotTheDefault, Order(new AccountOrder.CloseTenant("admin", Tenant.Default)));
    }

    [Fact]
    public void A_name_is_given_once_also_when_its_tenant_has_closed()
    {
        Assert.Null(Order(Create("acme")));
        Assert.Equal(AccountRefusal.NameTaken, Order(Create("acme")));
        Assert.Null(Order(new AccountOrder.CloseTenant("admin", "acme")));
        Assert.Equal(AccountRefusal.NameTaken, Order(Create("acme")));
        Assert.Equal(AccountRefusal.UnknownTenant, Order(new AccountOrder.CloseTenant("admin", "acme")));
    }

    [Fact]
    public void What_is_left_out_of_a_change_stays_and_no_change_is_no_event()
    {
        Order(new AccountOrder.CreateTenant("admin", "acme", "Acme Ltd"));

        Order(new AccountOrder.ChangeTenant("admin", "acme", null, IsSuspended: true));

        Assert.Equal(("Acme Ltd", true), (_accounts.Tenants["acme"].Title, _accounts.Tenants["acme"].IsSuspended));
        var again = _accounts.Decide(new AccountOrder.ChangeTenant("admin", "acme", "Acme Ltd", true), Now);
        Assert.Equal((null, null), again);
    }

    [Fact]
    public void What_is_cleared_goes_and_the_rest_stays()
    {
        Quota quota = new(1, null, null, 2, QuotaMode.Schedule);
        Order(new AccountOrder.CreateTenant("admin", "acme", "Acme Ltd") { Quota = quota });
        Order(Key("k1", "acme"));
        Order(new AccountOrder.ChangeKey("admin", null, "k1", null, null, Now.AddDays(1)));

        Order(new AccountOrder.ChangeTenant("admin", "acme", null, null) { Clears = AccountFields.Title });
        Order(new AccountOrder.ChangeKey("admin", null, "k1", "other", null, null));
        Assert.Equal((null, quota), (_accounts.Tenants["acme"].Title, _accounts.Tenants["acme"].Quota));
        Assert.Equal(Now.AddDays(1), _accounts.Keys["k1"].ExpiresAt);

        Order(new AccountOrder.ChangeTenant("admin", "acme", null, null) { Clears = AccountFields.Quota });
        Order(new AccountOrder.ChangeKey("admin", null, "k1", null, null, null) { Clears = AccountFields.ExpiresAt });
        Assert.Null(_accounts.Tenants["acme"].Quota);
        Assert.Equal((null, "other"), (_accounts.Keys["k1"].ExpiresAt, _accounts.Keys["k1"].Name));
    }

    [Fact]
    public void A_tenants_keys_end_with_it()
    {
        Order(Create("acme"));
        Order(Key("k1", "acme"));
        Order(Key("k2", Tenant.Default));

        Order(new AccountOrder.CloseTenant("admin", "acme"));

        Assert.Equal(["k2"], _accounts.Keys.Keys);
        Assert.Equal(AccountRefusal.UnknownTenant, Order(Key("k3", "acme")));
    }

    [Fact]
    public void An_order_repeated_after_a_lost_answer_is_harmless()
    {
        Assert.Null(Order(Key("k1", Tenant.Default)));
        Assert.Equal((null, null), _accounts.Decide(Key("k1", Tenant.Default), Now));
        Assert.Equal(AccountRefusal.NameTaken, Order(Key("k1", Tenant.Default, hash: 7)));
    }

    [Fact]
    public void Another_tenants_key_is_as_unknown_as_none()
    {
        Order(Create("acme"));
        Order(Key("k1", "acme"));

        Assert.Equal(AccountRefusal.UnknownKey, Order(new AccountOrder.RevokeKey("k9", Tenant.Default, "k1")));
        Assert.Equal(AccountRefusal.UnknownKey,
            Order(new AccountOrder.ChangeKey("k9", Tenant.Default, "k1", "mine", null, null)));
        Assert.Null(Order(new AccountOrder.RevokeKey("admin", null, "k1")));
    }

    [Fact]
    public void A_tenant_has_a_thousand_keys_and_not_one_more()
    {
        for (var i = 0; i < AccountBook.KeysOfTenantMax; i++) Assert.Null(Order(Key($"k{i}", Tenant.Default)));

        Assert.Equal(AccountRefusal.TooManyKeys, Order(Key("more", Tenant.Default)));
    }

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.7", true)]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.0/24", "198.51.100.7", false)]
    [InlineData("2001:db8::/32", "2001:db8::1", true)]
    public void A_key_is_good_from_its_networks_only(string network, string address, bool isGood)
    {
        Order(Key("k1", Tenant.Default, networks: IPNetwork.Parse(network)));

        Assert.Equal(isGood, _accounts.Keys["k1"].IsFrom(IPAddress.Parse(address)));
        Assert.False(_accounts.Keys["k1"].IsFrom(null));
    }

    [Theory]
    [InlineData(Scopes.Send, Scopes.Read, false)]
    [InlineData(Scopes.Read, Scopes.Send, false)]
    [InlineData(Scopes.Manage, Scopes.Read, true)]
    [InlineData(Scopes.Manage, Scopes.Admin, false)]
    [InlineData(Scopes.Admin, Scopes.Manage, true)]
    [InlineData(Scopes.None, Scopes.Read, false)]
    public void A_scope_holds_those_under_it(Scopes has, Scopes needed, bool isEnough) =>
        Assert.Equal(isEnough, has.Allow(needed));

    [Theory]
    [InlineData("am_abcdefghijkl_secret", "abcdefghijkl")]
    [InlineData("am_abc_secret", null)]
    [InlineData("am_0123456789abcdef", null)]
    [InlineData("", null)]
    public void The_id_stands_in_the_text_of_a_key(string text, string? id) => Assert.Equal(id, ApiKey.IdIn(text));

    [Theory]
    [InlineData("acme.news-2", null)]
    [InlineData("Acme", "may have small letters, digits, '-', '_' and '.'")]
    [InlineData("", "has 0 characters; 1 to 64 are allowed")]
    public void A_tenants_name_can_stand_in_a_path(string name, string? problem) =>
        Assert.Equal(problem, Tenant.NameProblem(name));

    private AccountRefusal? Order(AccountOrder order)
    {
        var (e, refusal) = _accounts.Decide(order, Now);
        if (e is not null) _accounts = _accounts.After(e);
        return refusal;
    }

    private static AccountOrder.CreateTenant Create(string name) => new("admin", name, null);

    private static AccountOrder.CreateKey Key(string id, string tenant, byte hash = 1, params IPNetwork[] networks) =>
        new("admin", id, tenant, "key", Scopes.Send, [.. networks], null,
            ImmutableArray.Create(hash));
}
