using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tests.Ids;

/// <summary>Ways of writing one address.</summary>
public class SamePersonTests
{
    [Theory]
    [InlineData("Ann@x.test", "ann@x.test")]
    [InlineData("\"ann\"@x.test", "ann@x.test")]
    [InlineData("\"\\a\\n\\n\"@x.test", "ann@x.test")]
    [InlineData("\"ann.lee\"@X.test", "ann.lee@x.test")]
    [InlineData("jose\u0301@x.test", "jos\u00e9@x.test")]
    [InlineData("JOSE\u0301@x.test", "jos\u00e9@x.test")]
    [InlineData("\"\\ann lee\"@x.test", "\"ann lee\"@x.test")]
    [InlineData("@X.test", "@x.test")]
    public void Are_one_person(string written, string same)
    {
        var key = new byte[] { 1 };

        Assert.Equal(Hash128.OfAddress(same, key), Hash128.OfAddress(written, key));
        Assert.Equal(SamePerson.Of(written), SamePerson.Of(SamePerson.Of(written)));
    }

    [Theory]
    [InlineData("\"ann lee\"@x.test", "annlee@x.test")]
    [InlineData("\"ann.\"@x.test", "ann@x.test")]
    [InlineData("\"a@b\"@x.test", "a@b@x.test")]
    [InlineData("\"a\\\"b\"@x.test", "\"ab\"@x.test")]
    [InlineData("a.nn@x.test", "ann@x.test")]
    [InlineData("ann+news@x.test", "ann@x.test")]
    [InlineData("jose@x.test", "jos\u00e9@x.test")]
    public void Are_two(string one, string other) => Assert.NotEqual(SamePerson.Of(one), SamePerson.Of(other));
}
