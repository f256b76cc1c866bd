using AkkaMail.Server.Messages;

namespace AkkaMail.Server.Tests.Api.Messages;

/// <summary>W3C Trace Context §3.2.2: what does not fit is as if it were not there.</summary>
public class TraceParentTests
{
    private const string Good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void A_trace_is_kept_as_it_is() => Assert.Equal(Good, TraceParent.Read(Good));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-zz")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01")]
    public void Anything_else_is_none(string? text) => Assert.Null(TraceParent.Read(text));

    [Fact]
    public void Two_are_none() => Assert.Null(TraceParent.Read(new([Good, Good])));
}
