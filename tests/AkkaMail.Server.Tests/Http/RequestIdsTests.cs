using AkkaMail.Server.Http;

namespace AkkaMail.Server.Tests.Http;

/// <summary>A request has the name it came with, or one that may come with the next.</summary>
public sealed class RequestIdsTests
{
    private const string Kestrels = "0HNQEQ3BNVETN:00000001";

    [Fact]
    public void A_client_may_pass_on_what_the_server_has_made()
    {
        var made = RequestIds.Of("", Kestrels);

        Assert.Equal("0HNQEQ3BNVETN-00000001", made);
        Assert.Equal(made, RequestIds.Of(made, "0HNQEQ3BNVETN:00000002"));
    }

    [Theory]
    [InlineData("order-48121", "order-48121")]
    [InlineData("a:b", "0HNQEQ3BNVETN-00000001")]
    [InlineData("a b", "0HNQEQ3BNVETN-00000001")]
    public void A_name_that_is_none_is_replaced(string given, string named) =>
        Assert.Equal(named, RequestIds.Of(given, Kestrels));

    [Fact]
    public void A_name_has_up_to_64_characters()
    {
        Assert.True(RequestIds.IsGood(new('a', RequestIds.Max)));
        Assert.False(RequestIds.IsGood(new('a', RequestIds.Max + 1)));
    }
}
