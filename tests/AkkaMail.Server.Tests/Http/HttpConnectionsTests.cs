using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Tests.Http;

/// <summary>How many connections the HTTP door has.</summary>
public sealed class HttpConnectionsTests
{
    private static readonly IPAddress Ann = IPAddress.Parse("192.0.2.1"), Bob = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void A_client_has_so_many_and_another_still_gets_in()
    {
        var open = new HttpConnections(max: 5, perClientMax: 2, []);

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => open.TryEnter(Ann)));
        Assert.True(open.TryEnter(Bob));
        Assert.Equal((3, 2), (open.Count, open.Clients));
    }

    [Fact]
    public void All_together_have_so_many_also_those_a_proxy_brings()
    {
        var open = new HttpConnections(max: 3, perClientMax: 2, []);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => open.TryEnter(null)));
        Assert.False(open.TryEnter(Ann));
        Assert.Equal((3, 0), (open.Count, open.Clients));
    }

    [Fact]
    public void Who_gets_no_place_gets_an_answer_like_any_other()
    {
        var (head, body) = Encoding.UTF8.GetString(HttpConnections.Refusal("0HNABC")).Split("\r\n\r\n") is [var h, var b] ? (h, b) : default;

        Assert.StartsWith("HTTP/1.1 503 Service Unavailable\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Request-Id: 0HNABC-00000001\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Content-Type-Options: nosniff\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith($"\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}", head, StringComparison.Ordinal);
        Assert.Equal("unavailable", (string?)JsonNode.Parse(body)!["code"]);
    }

    [Fact]
    public void Who_has_left_is_forgotten_and_its_place_is_free()
    {
        var open = new HttpConnections(max: 2, perClientMax: 1, []);
        Assert.True(open.TryEnter(Ann) && open.TryEnter(Bob) && !open.TryEnter(Ann));

        open.Leave(Ann);
        open.Leave(Bob);

        Assert.Equal((0, 0), (open.Count, open.Clients));
        Assert.True(open.TryEnter(Ann));
    }
}
