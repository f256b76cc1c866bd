using AkkaMail.Core.Domains;

namespace AkkaMail.Core.Tests.Domains;

public sealed class OrganizationalDomainTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("A.b.Example.com.", "example.com")]
    [InlineData("a.b.example.co.uk", "example.co.uk")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("a.b.ck", "a.b.ck")]               // *.ck
    [InlineData("x.a.b.ck", "a.b.ck")]
    [InlineData("x.www.ck", "www.ck")]             // !www.ck
    [InlineData("me.github.io", "me.github.io")]
    [InlineData("a.b.unheard", "b.unheard")]
    [InlineData("x.shop.xn--fiqs8s", "shop.xn--fiqs8s")]   // 中国, a suffix that is written in Unicode.
    public void One_label_below_the_public_suffix(string domain, string organization) =>
        Assert.Equal(organization, OrganizationalDomain.Of(domain));

    [Theory]
    [InlineData("example.com", "bounce.example.com", false, true)]
    [InlineData("example.com", "bounce.example.com", true, false)]
    [InlineData("a.co.uk", "b.co.uk", false, false)]
    public void Alignment_is_by_organization_or_by_name(string from, string other, bool strict, bool aligned) =>
        Assert.Equal(aligned, OrganizationalDomain.IsAligned(from, other, strict));
}
