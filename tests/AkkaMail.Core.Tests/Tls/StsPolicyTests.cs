using AkkaMail.Core.Tls;

namespace AkkaMail.Core.Tests.Tls;

public sealed class StsPolicyTests
{
    private static StsPolicy Read(string text) =>
        StsPolicy.TryParse(text, out var policy, out var problem) ? policy : throw new ArgumentException(problem);

    [Fact]
    public void The_example_of_the_RFC_is_read()
    {
        var policy = Read("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\n"
            + "mx: backupmx.example.com\r\nmax_age: 604800\r\n");

        Assert.Equal((StsMode.Enforce, TimeSpan.FromDays(7)), (policy.Mode, policy.MaxAge));
        Assert.Equal(["mail.example.com", "*.example.net", "backupmx.example.com"], policy.Mx.ToArray());
    }

    [Theory]
    [InlineData("mail.example.com", true)]
    [InlineData("MAIL.example.COM", true)]
    [InlineData("a.example.net", true)]
    [InlineData("a.b.example.net", false)]   // A wildcard stands for one label (RFC 8461 §4.1).
    [InlineData("example.net", false)]
    [InlineData("evilexample.net", false)]
    [InlineData("mail.example.com.evil.org", false)]
    public void A_host_is_allowed_by_its_name_or_a_wildcard_of_one_label(string host, bool isAllowed)
    {
        var policy = Read("version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 1");

        Assert.Equal(isAllowed, policy.Allows(host));
    }

    [Fact]
    public void Unknown_fields_and_repeats_are_passed_over_and_a_year_is_the_most()
    {
        var policy = Read("version:STSv1\nfuture: x: y\nmode:  testing \nmode: none\nmx: a.b\nmax_age: 99999999999\n");

        Assert.Equal((StsMode.Testing, TimeSpan.FromSeconds(31_557_600)), (policy.Mode, policy.MaxAge));
    }

    /// <summary>RFC 8461 §3.2: LF or CRLF, blanks behind the colon and the value, fields in any order.</summary>
    [Theory]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 86400")]
    [InlineData("version:STSv1\r\nmode:\tenforce \t\r\nmx:a.test\r\nmax_age:86400\r\n\r\n")]
    [InlineData("max_age: 0086400\nmx: A.test.\nmode: enforce\nversion: STSv1\n")]
    [InlineData("\uFEFFversion: STSv1\nmode: enforce\nx-new: =;: \nmx: a.test\nnothing\nmax_age: 86400\n")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 86400\nmax_age: no\n")]
    public void A_policy_is_read_in_every_form(string text)
    {
        var policy = Read(text);

        Assert.Equal((StsMode.Enforce, true, 86_400d),
            (policy.Mode, policy.Allows("a.test"), policy.MaxAge.TotalSeconds));
    }

    [Fact]
    public void An_age_of_more_digits_than_a_number_has_is_a_year() => Assert.Equal(31_557_600,
        Read($"version: STSv1\nmode: none\nmax_age: {new string('9', 100)}").MaxAge.TotalSeconds);

    [Theory]
    [InlineData("", "it has no version STSv1")]
    [InlineData("version: STSv2\nmode: none\nmax_age: 1", "it has no version STSv1")]
    [InlineData("version: STSv1\nmode: maybe\nmax_age: 1", "its mode is not enforce, testing or none")]
    [InlineData("version: STSv1\nmode: none", "its max_age is no number of seconds")]
    [InlineData("version: STSv1\nmode: none\nmax_age: -1", "its max_age is no number of seconds")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1", "it names no mx")]
    [InlineData("version: STSv1\nmode: enforce\nmx: *.*.a\nmax_age: 1", "its mx '*.*.a' is no host")]
    [InlineData("<html>not found</html>", "it has no version STSv1")]
    public void What_is_wrong_is_said(string text, string words)
    {
        var isRead = StsPolicy.TryParse(text, out _, out var problem);

        Assert.Equal((false, words), (isRead, problem));
    }

    [Theory]
    [InlineData("20160831085700Z", "v=STSv1; id=20160831085700Z;")]
    [InlineData("1", "v=STSv1;id=1", "something else")]
    [InlineData("1", "v=STSv1 ;\tx=y ; id=1 ;")]
    [InlineData(null, "V=STSv1; id=1")]
    [InlineData(null, "v=STSv1id=1;")]
    [InlineData(null, "v=STSv1; id=1", "v=STSv1; id=2")]   // RFC 8461 §3.1: two are none.
    [InlineData(null, "v=STSv1; id=a-b")]
    [InlineData(null, "v=STSv1; id=")]
    [InlineData(null, "v=spf1 -all")]
    public void A_records_id_is_read(string? id, params string[] records) =>
        Assert.Equal(id, StsPolicy.ReadId(records));
}
