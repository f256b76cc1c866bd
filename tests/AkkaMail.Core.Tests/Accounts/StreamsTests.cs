using AkkaMail.Core.Accounts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Tests.Accounts;

/// <summary>A tenant's streams: two from the start, its own beside them.</summary>
public sealed class StreamsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private AccountBook _accounts = AccountBook.New;

    [Theory]
    [InlineData(Streams.Transactional, StreamKind.Transactional, false)]
    [InlineData(Streams.Broadcast, StreamKind.Broadcast, true)]
    public void Every_tenant_has_two_from_the_start_and_they_stay(string name, StreamKind kind, bool unsubscribe)
    {
        Order(new AccountOrder.CreateTenant("admin", "acme", null));

        Assert.Equal(new(name, null, kind, unsubscribe, null), _accounts.StreamOf("acme", name));
        Assert.Equal(AccountRefusal.StreamIsBuiltIn, Order(new StreamOrder.Delete("admin", "acme", name)));
        Assert.Equal(AccountRefusal.StreamNameTaken, Order(Create(name)));
        Assert.Null(Order(new StreamOrder.Change("admin", "acme", name, null, false, !unsubscribe)));
        Assert.Equal(!unsubscribe, _accounts.StreamOf("acme", name)!.Unsubscribe);
    }

    [Fact]
    public void What_is_left_out_stays_and_a_cleared_title_goes()
    {
        Order(new StreamOrder.Create("admin", Tenant.Default, "codes", "Codes", StreamKind.Transactional, null));

        Order(new StreamOrder.Change("admin", Tenant.Default, "codes", null, false, true));
        Assert.Equal(
            new("codes", "Codes", StreamKind.Transactional, true, Now), _accounts.StreamOf(Tenant.Default, "codes"));

        Order(new StreamOrder.Change("admin", Tenant.Default, "codes", null, true, null));
        Assert.Null(_accounts.StreamOf(Tenant.Default, "codes")!.Title);
        Assert.Equal((null, null), _accounts.Decide(
            new StreamOrder.Change("admin", Tenant.Default, "codes", null, true, true), Now));
    }

    [Fact]
    public void Engaged_recipients_go_first_in_broadcast_unless_somebody_says_otherwise_and_never_in_transactional()
    {
        Order(new AccountOrder.CreateTenant("admin", "acme", null));
        Order(Create("news"));
        Order(Create("offers") with { EngagedFirst = false });
        Order(Create("codes") with { Kind = StreamKind.Transactional });
        Assert.Equal([true, true, false, false, false],
            new[] { Streams.Broadcast, "news", "offers", "codes", Streams.Transactional }.Select(IsOn));

        Assert.Null(Order(Change("news") with { EngagedFirst = false }));
        Assert.Null(Order(Change("news") with { Unsubscribe = false }));   // What is left out stays.
        Assert.Null(Order(Change("codes") with { EngagedFirst = false }));
        Assert.Equal([false, false], new[] { "news", "codes" }.Select(IsOn));
        Assert.Equal(AccountRefusal.EngagedFirstOfTransactional, Order(Change("codes") with { EngagedFirst = true }));
        Assert.Equal(AccountRefusal.EngagedFirstOfTransactional,
            Order(Create("more") with { Kind = StreamKind.Transactional, EngagedFirst = true }));

        bool IsOn(string name) => _accounts.StreamOf("acme", name)!.EngagedFirst;
    }

    /// <summary>Events of before there was a choice.</summary>
    [Fact]
    public void A_stream_that_was_made_and_changed_without_a_word_about_it_is_as_its_kind_has_it()
    {
        foreach (var kind in new[] { StreamKind.Broadcast, StreamKind.Transactional })
            _accounts = _accounts.After(new StreamCreated(Now, "admin", Tenant.Default, $"{kind}", null, kind, true))
                .After(new StreamChanged(Now, "admin", Tenant.Default, $"{kind}", "a title", true));

        Assert.True(_accounts.StreamOf(Tenant.Default, nameof(StreamKind.Broadcast))!.EngagedFirst);
        Assert.False(_accounts.StreamOf(Tenant.Default, nameof(StreamKind.Transactional))!.EngagedFirst);
    }

    /// <summary>A node of before changes a title, and knows of no choice.</summary>
    [Theory]
    [InlineData("news", false)]
    [InlineData(Streams.Broadcast, false)]
    [InlineData(Streams.Broadcast, true)]
    public void A_change_without_a_word_about_it_leaves_what_was_chosen(string name, bool chosen)
    {
        Order(new AccountOrder.CreateTenant("admin", "acme", null));
        Order(Create("news"));
        Order(Change(name) with { EngagedFirst = chosen });

        _accounts = _accounts.After(new StreamChanged(Now, "admin", "acme", name, "a title", true));

        Assert.Equal(("a title", chosen),
            (_accounts.StreamOf("acme", name)!.Title, _accounts.StreamOf("acme", name)!.EngagedFirst));
    }

    [Fact]
    public void Another_tenants_stream_is_as_unknown_as_none_and_a_deleted_name_is_free()
    {
        Order(new AccountOrder.CreateTenant("admin", "acme", null));
        Order(Create("news"));

        Assert.Null(_accounts.StreamOf(Tenant.Default, "news"));
        Assert.Null(_accounts.StreamOf("nobody", "news"));
        Assert.Equal(AccountRefusal.UnknownStream, Order(new StreamOrder.Delete("admin", Tenant.Default, "news")));
        Assert.Equal(AccountRefusal.UnknownTenant, Order(new StreamOrder.Delete("admin", "nobody", "news")));
        Assert.Null(Order(new StreamOrder.Delete("admin", "acme", "news")));
        Assert.Null(Order(Create("news")));
    }

    [Fact]
    public void A_tenant_has_a_hundred_and_not_one_more()
    {
        Order(new AccountOrder.CreateTenant("admin", "acme", null));
        for (var i = 0; i < MailStream.OfTenantMax - 2; i++) Assert.Null(Order(Create($"s{i}")));

        Assert.Equal(AccountRefusal.TooManyStreams, Order(Create("more")));
    }

    private static StreamOrder.Create Create(string name) =>
        new("admin", "acme", name, null, StreamKind.Broadcast, null);

    private static StreamOrder.Change Change(string name) => new("admin", "acme", name, null, false, null);

    private AccountRefusal? Order(AccountOrder order)
    {
        var (decided, refusal) = _accounts.Decide(order, Now);
        if (decided is not null) _accounts = _accounts.After(decided);
        return refusal;
    }
}
