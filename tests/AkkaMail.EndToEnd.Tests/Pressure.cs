using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>More connections and larger bodies than there is room for: somebody is refused, and nobody is hurt.</summary>
public sealed class Pressure : IAsyncLifetime
{
    private readonly string _directory = ThisBuild.NewDirectory("pressure");
    private readonly int _smtpPort = Bringer.FreePort();
    private TestSink.TestSink _sink = null!;

    public async Task InitializeAsync() => _sink = await TestSink.TestSink.StartAsync();

    private ServerProcess Start(int? openFiles = null, params (string Name, string Value)[] settings) =>
        ServerProcess.Start(_directory, settings.Append(("AkkaMail__Delivery__Relay", $"127.0.0.1:{_sink.Port}"))
            .Append(("AkkaMail__Domains__AllowUnverified", "true")).Concat(Stored.In(Stored.OfThisRun))
            .ToDictionary(s => s.Item1, s => s.Item2), openFiles: openFiles);

    [Fact]
    public async Task Connections_without_a_key_do_not_use_up_the_files_of_the_process()
    {
        using var server = await Start(600, ("AkkaMail__Smtp__Listen", $"127.0.0.1:{_smtpPort}")).Ready();
        using var api = new Api(server.Url);
        var held = new List<Socket>();

        for (var i = 0; i < 500; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.{70 + i / 50}.{1 + i % 50}"), 0));
            await socket.ConnectAsync(IPAddress.Loopback, i % 2 == 0 ? server.Url.Port : _smtpPort);
            held.Add(socket);
        }
        foreach (var socket in held) socket.Dispose();

        await Wait.Until(async () =>
        {
            try { return await api.Status(HttpMethod.Get, "/health/ready") == HttpStatusCode.OK; }
            catch (HttpRequestException) { return false; }   // Its connection was one too many.
        });
        var ended = await api.Ended((await api.Send(Mails.To("ann@d1.test")))[0]);
        Assert.Equal("delivered", ended.Status);
        Assert.Contains("This process may open 600 files: HTTP takes 86 connections, SMTP 86", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_may_open_too_few_files_says_so()
    {
        using var server = Start(400);

        Assert.Equal(1, await server.Ended());
        Assert.Equal("This process may have 400 files open and needs 512: raise 'ulimit -n', or LimitNOFILE of the unit.",
            server.Errors);
    }

    [Fact]
    public async Task Large_bodies_share_one_budget_and_small_ones_always_come_in()
    {
        using var server = await Start(null, ("AkkaMail__BytesInFlight", "1048576")).Ready();
        using var api = new Api(server.Url);
        var large = Mail(300_000);
        var (first, rest) = (large[..100_000], large[100_000..]);
        var slow = await Begun(server.Url.Port, first, large.Length);
        // As soon as the server has begun with the slow one there is no room for another of its size.
        await Wait.Until(async () =>
        {
            using var refused = await Post(api, large);
            if (refused.StatusCode == HttpStatusCode.Accepted)
            {
                if (!slow.Poll(0, SelectMode.SelectRead)) return false;
                slow.Dispose();   // It was the other way round: the slow one came second, and was refused.
                slow = await Begun(server.Url.Port, first, large.Length);
                return false;
            }
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            return true;
        });
        using (var small = await Post(api, Mail(10_000))) Assert.Equal(HttpStatusCode.Accepted, small.StatusCode);
        using (var answer = await Held(slow, rest))
            Assert.StartsWith("HTTP/1.1 202", await answer.ReadLineAsync(), StringComparison.Ordinal);
        slow.Dispose();

        await Wait.Until(async () =>
        {
            using var again = await Post(api, large);
            return again.StatusCode == HttpStatusCode.Accepted;
        });
        using var never = await Post(api, Mail(400_000));   // More than there is at all.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, never.StatusCode);
        Assert.DoesNotContain("Exception", server.Output, StringComparison.Ordinal);   // Who is refused may come often.
    }

    /// <summary>A request of which the rest is still to come.</summary>
    private static async Task<Socket> Begun(int port, string first, int length)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ServerProcess.AdminKey}\r\n")
            + $"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n" + first));
        return socket;
    }

    private static string Mail(int bytes) =>
        $$"""{"from":"a@sender.test","to":"ann@d1.test","subject":"s","text":"{{new string('x', bytes)}}"}""";

    private static Task<HttpResponseMessage> Post(Api api, string body) =>
        api.Http.PostAsync("/v1/messages", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<StreamReader> Held(Socket socket, string text)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        return new(stream);
    }

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
