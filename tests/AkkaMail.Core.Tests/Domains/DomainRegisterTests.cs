using System.Collections.Immutable;
using AkkaMail.Core.Accounts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Tests.Domains;

/// <summary>Whose a domain is, what follows from a look into DNS, and who signs and sends.</summary>
public sealed class DomainRegisterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly InstallationFacts Facts = new(["ip4:192.0.2.7"], "mx.engine.test", "link.engine.test");
    private static readonly TimeSpan Grace = TimeSpan.FromHours(72);
    private AccountBook _accounts = AccountBook.New;
    private DateTimeOffset _now = Now;

    public DomainRegisterTests()
    {
        Order(new AccountOrder.CreateTenant("admin", "acme", null));
        Order(new AccountOrder.CreateTenant("admin", "globex", null));
    }

    [Fact]
    public void A_domain_belongs_to_one_tenant_until_it_is_removed()
    {
        Assert.Null(Order(Add("acme", "example.com")));
        Assert.Equal(AccountRefusal.DomainTaken, Order(Add("globex", "example.com")));
        Assert.Equal(AccountRefusal.UnknownDomain, Order(new DomainOrder.Remove("k", "globex", "example.com")));
        Assert.Null(Order(new DomainOrder.Remove("k", "acme", "example.com")));
        Assert.Null(Order(Add("globex", "example.com")));
        Assert.Equal(AccountRefusal.UnknownTenant, Order(Add("nobody", "example.org")));
    }

    [Fact]
    public void It_begins_with_two_keys_of_each_algorithm_under_selectors_of_their_own()
    {
        Order(Add("acme", "example.com"));

        Assert.Equal(["akkamail-r1", "akkamail-r2", "akkamail-e1", "akkamail-e2"], Keys.Select(k => k.Selector));
        Assert.All(Keys, k => Assert.Equal(KeyState.Pending, k.State));
        Assert.False(MaySend("acme"));
    }

    [Fact]
    public void Once_all_required_records_are_seen_it_is_verified_and_the_first_keys_sign()
    {
        Order(Add("acme", "example.com"));

        Order(Check(_ => RecordState.Found));

        Assert.Equal(DomainStanding.Verified, Domain.Standing);
        Assert.Equal(["akkamail-r1", "akkamail-e1"], Domain.Domain.SigningAt(_now).Select(k => k.Selector));
        Assert.True(MaySend("acme"));
        Assert.False(MaySend("globex"));
    }

    [Fact]
    public void What_is_as_it_was_is_no_event_also_in_another_order()
    {
        Order(Add("acme", "example.com"));
        Order(Check(_ => RecordState.Found, "example.com", ["b", "a"]));

        Assert.Equal((null, null), _accounts.Decide(Check(_ => RecordState.Found, "example.com", ["a", "b"]), _now));
    }

    [Fact]
    public void One_required_record_that_is_missing_keeps_it_from_being_verified()
    {
        Order(Add("acme", "example.com"));

        Order(Check(r => r.Purpose == RecordPurpose.Dmarc ? RecordState.Missing : RecordState.Found));

        Assert.Equal(DomainStanding.Unverified, Domain.Standing);
        Assert.False(MaySend("acme"));
    }

    [Fact]
    public void A_verified_one_that_fails_may_send_until_its_grace_is_over_and_again_when_it_is_mended()
    {
        Order(Add("acme", "example.com"));
        Order(Check(_ => RecordState.Found));
        _now += TimeSpan.FromDays(1);

        Order(Check(r => r.Purpose == RecordPurpose.Spf ? RecordState.Wrong : RecordState.Found));

        Assert.Equal((DomainStanding.Failing, _now), (Domain.Standing, Domain.Since));
        _now += Grace - TimeSpan.FromSeconds(1);
        Assert.True(MaySend("acme"));
        _now += TimeSpan.FromSeconds(1);
        Assert.False(MaySend("acme"));
        Order(Check(_ => RecordState.Found));
        Assert.True(MaySend("acme"));
    }

    [Fact]
    public void A_silent_name_server_takes_nothing_back()
    {
        Order(Add("acme", "example.com"));
        Order(Check(_ => RecordState.Found));

        Assert.Equal((null, null), _accounts.Decide(Check(_ => RecordState.Unknown), _now));
    }

    [Fact]
    public void A_domain_covers_those_below_it_but_what_another_tenant_has_verified()
    {
        Order(Add("acme", "example.com"));
        Order(Check(_ => RecordState.Found));
        Order(Add("globex", "shop.example.com"));

        // Registered alone takes nothing from its owner.
        Assert.Equal("example.com", Register.SignerOf("acme", "shop.example.com", _now)?.Name);
        Assert.True(MaySend("acme", "shop.example.com"));
        Order(Check(_ => RecordState.Found, "shop.example.com"));
        Assert.Null(Register.SignerOf("acme", "shop.example.com", _now));
        Assert.Equal("shop.example.com", Register.SignerOf("globex", "shop.example.com", _now)?.Name);
        Assert.False(MaySend("acme", "shop.example.com"));
        Assert.Equal("example.com", Register.SignerOf("acme", "www.example.com", _now)?.Name);
        Assert.Null(Register.SignerOf("acme", "notexample.com", _now));
        Assert.Null(Register.SignerOf("acme", "com", _now));
    }

    [Fact]
    public void What_was_accepted_before_a_rotation_is_signed_with_the_old_key_until_it_is_retired()
    {
        Order(Add("acme", "example.com"));
        Order(Check(_ => RecordState.Found));
        var before = _now;
        _now += TimeSpan.FromHours(1);
        var last = _now + TimeSpan.FromDays(37);

        Assert.Null(Order(Rotate(last)));

        Assert.Equal("akkamail-r1", Signing(before));
        Assert.Equal("akkamail-r2", Signing(_now));
        Assert.Equal("akkamail-r3", Keys.Last(k => k.Algorithm == DkimAlgorithm.RsaSha256).Selector);
        Assert.Equal((null, null), _accounts.Decide(new DomainOrder.Retire("schedule", null, "example.com"), _now));
        Assert.Equal(AccountRefusal.NoStandbyKey, Order(Rotate(last)));   // r3 has not been seen.
        _now = last;
        Order(new DomainOrder.Retire("schedule", null, "example.com"));
        Assert.Equal(KeyState.Retired, Keys[0].State);
    }

    [Fact]
    public void Domains_of_a_closed_tenant_stay_so_that_its_mail_is_signed()
    {
        Order(Add("acme", "example.com"));
        Order(Check(_ => RecordState.Found));

        Order(new AccountOrder.CloseTenant("admin", "acme"));

        Assert.Equal("example.com", Register.SignerOf("acme", "example.com", _now)?.Name);
    }

    public static TheoryData<string, string?> Names => new()
    {
        { "Example.COM.", "example.com" },
        { "bücher.example", "xn--bcher-kva.example" },
        { "xn--bcher-kva.example", "xn--bcher-kva.example" },
        { "a.b.example.co.uk", "a.b.example.co.uk" },
        { "co.uk", null }, { "com", null }, { "github.io", null },
        { "localhost", null }, { "", null }, { "a..b", null },
        { "192.0.2.7", null }, { "a b.example", null }, { "_x.example.com", null },
        { new string('a', 64) + ".com", null },
        { string.Join('.', Enumerable.Repeat(new string('a', 50), 5)), null },
    };

    [Theory, MemberData(nameof(Names))]
    public void A_name_is_kept_in_one_form_and_a_public_suffix_is_refused(string text, string? name)
    {
        Assert.Equal(name, DomainName.Parse(text, out var problem));
        Assert.Equal(name is null, problem is not null);
    }

    private DomainRegister Register => _accounts.Domains;

    private RegisteredDomain Domain => Register.All["example.com"];

    private ImmutableArray<DomainKey> Keys => Domain.Domain.Keys;

    private bool MaySend(string tenant, string from = "example.com") => Register.MaySend(tenant, from, _now, Grace);

    private string Signing(DateTimeOffset acceptedAt) => Domain.Domain.SigningAt(acceptedAt).First().Selector;

    private static DomainOrder.Add Add(string tenant, string name) => new("k", tenant, name,
    [
        new(DkimAlgorithm.RsaSha256, "r1"), new(DkimAlgorithm.RsaSha256, "r2"),
        new(DkimAlgorithm.Ed25519Sha256, "e1"), new(DkimAlgorithm.Ed25519Sha256, "e2"),
    ]);

    private static DomainOrder.Rotate Rotate(DateTimeOffset last) => new(
        "k", "acme", "example.com", [DkimAlgorithm.RsaSha256], [new(DkimAlgorithm.RsaSha256, "r3")], last);

    private DomainOrder.Check Check(
        Func<DnsRecord, RecordState> state, string domain = "example.com", string[]? seen = null) => new(
        "k", null, domain, [.. DnsRecords.For(Register.All[domain].Domain, Facts)
            .Select(r => new RecordCheck(r, state(r), [.. seen ?? []], null))]);

    private AccountRefusal? Order(AccountOrder order)
    {
        var (decided, refusal) = _accounts.Decide(order, _now);
        if (decided is not null) _accounts = _accounts.After(decided);
        return refusal;
    }
}
