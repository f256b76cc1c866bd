using System.Net;
using AkkaMail.Server.Composition;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Tests.Composition;

/// <summary>Where the doors listen, and for how long they stay open.</summary>
public sealed class PortsTests
{
    [Theory]
    [InlineData("127.0.0.1:25", "127.0.0.1:25", false, true)]
    [InlineData("127.0.0.1:25", "127.0.0.1:26", false, false)]
    [InlineData("127.0.0.1:25", "127.0.0.2:25", false, false)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", false, false)]
    [InlineData("0.0.0.0:25", "127.0.0.2:25", false, true)]
    [InlineData("[::]:25", "[::1]:25", false, true)]
    [InlineData("[::]:25", "0.0.0.0:25", false, false)]   // The SMTP door opens them beside each other.
    [InlineData("[::]:25", "127.0.0.1:25", true, true)]   // HTTP takes both with the one.
    public void Two_doors_meet_where_both_could_not_be_open(string one, string other, bool isHttp, bool meet)
    {
        Listening a = new("a", IPEndPoint.Parse(one), isHttp), b = new("b", IPEndPoint.Parse(other));

        Assert.Equal((meet, meet), (a.Meets(b), b.Meets(a)));
    }

    [Fact]
    public async Task A_connection_that_nobody_uses_lives_for_half_a_minute()
    {
        await using var app = ServerApp.Build([], null);

        var kestrel = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;

        Assert.Equal(TimeSpan.FromSeconds(30), kestrel.Limits.KeepAliveTimeout);
    }
}
