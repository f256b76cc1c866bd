using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tenants;
using AkkaMail.Core.Tests.Shaping;
using CsCheck;

namespace AkkaMail.Core.Tests.Ids;

public class LimitKeyTests
{
    /// <summary>Of all the characters a name of a source, provider, tenant or site can have.</summary>
    private static readonly Gen<string> AnyName = Gen.Char["abc019-_.+~"].Array[1, 20].Select(c => new string(c));

    private static readonly Gen<LimitKey> AnyLimit = Gen.Select(Gen.Int[0, 3], AnyName, AnyName, (kind, a, b) => kind switch
    {
        0 => (LimitKey)new LimitKey.Lane(new(a, b)),
        1 => new LimitKey.ProviderTotal(a),
        2 => new LimitKey.WarmUpRest(a),
        _ => new LimitKey.TenantTotal(a),
    });

    [Fact]
    public void A_limit_reads_back_what_it_wrote_and_is_of_the_same_kind() =>
        AnyLimit.Sample(limit => Assert.Equal(limit, LimitKey.Parse(limit.ToString())));

    [Fact]
    public void Limits_of_one_text_are_one_limit() =>
        Gen.Select(AnyLimit, AnyLimit).Sample((a, b) => Assert.Equal(a == b, a.ToString() == b.ToString()));

    [Theory]
    [InlineData("ip1@google", "ip1", "google")]
    [InlineData("*@google", "*", "google")]
    [InlineData("ip1@*", "ip1", "*")]
    [InlineData("tenant:shop@*", "tenant:shop", "*")]
    public void Its_text_is_its_path(string text, string source, string site)
    {
        Assert.Equal((source, site), LimitKey.Parse(text).Path);
        Assert.Equal(text, LimitKey.Of(source, site).ToString());
    }

    [Theory]
    [InlineData("google")]
    [InlineData("@google")]
    [InlineData("")]
    public void What_is_no_limit_is_refused(string text) =>
        Assert.Throws<FormatException>(() => LimitKey.Parse(text));

    /// <summary>Whoever may choose a name is refused one that would read as another kind of limit.</summary>
    [Theory]
    [InlineData("*")]
    [InlineData("tenant:x")]
    [InlineData("a@b")]
    [InlineData("ip1@*")]
    public void No_name_makes_a_limit_of_another_kind(string name)
    {
        Assert.NotEmpty(ShapingTexts.Faults($$"""{ "sources": { "{{name}}": {} } }"""));       // Rules/Names
        Assert.NotEmpty(ShapingTexts.Faults($$"""{ "tenants": { "{{name}}": {} } }"""));
        Assert.NotEmpty(ShapingTexts.Faults($$"""{ "domains": { "{{name}}": {} } }"""));
        Assert.NotEmpty(ShapingTexts.Faults(                                                  // Shaping/Reading/SiteNames
            $$"""{ "providers": { "{{name}}": { "match": [{ "HostName": "mx.a.test" }] } } }"""));
        Assert.NotNull(Tenant.NameProblem(name));                                             // The API's tenants
        Assert.False(Mailbox.TryParse($"user@{name}", out _, out _));                         // Sites named as their domain
        var site = Sites.Of(new("v1"), "a.test", [name, $"mx.{name}.test"]).Site;             // Sites named by MX hosts
        Assert.DoesNotContain(site, c => c is '*' or ':' or '@');
    }
}
