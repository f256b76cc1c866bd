using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Remote.Transport;
using AkkaMail.Engine.Links;
using Google.Protobuf;

namespace AkkaMail.Engine.Tests.Links;

/// <summary>Nodes on real sockets; what stands above their transport is Akka's, but where a test is about the frames.</summary>
public sealed class NodeTransportTests : IAsyncLifetime
{
    private const int FrameMax = 256 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly X509Certificate2 Key = NewKey(), Other = NewKey();
    private readonly List<ActorSystem> _systems = [];
    private readonly List<NodeTransport> _transports = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nodes_speak_with_each_other_up_to_the_largest_frame(bool byTls)
    {
        var (here, there) = (Node(byTls ? Key : null), Node(byTls ? Key : null));
        there.ActorOf(Props.Create(() => new Echo()), "echo");
        var echo = here.ActorSelection($"{AddressOf(there)}/user/echo");

        foreach (var length in (int[])[0, 1, 65_536, FrameMax - 1024])
        {
            var text = new string('x', length);
            Assert.Equal(text, await echo.Ask<string>(text, Limit));
        }
        var many = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(n => echo.Ask<string>($"{n}", Limit)));
        Assert.Equal(Enumerable.Range(0, 2_000).Select(n => $"{n}"), many);
    }

    [Fact]
    public async Task A_fellow_that_goes_away_during_the_handshake_ends_nobody_else()
    {
        var here = Transport(Key);
        await Listening(here);
        using var going = new TcpListener(IPAddress.Loopback, 0);
        going.Start();
        var port = ((IPEndPoint)going.LocalEndpoint).Port;

        var link = here.Associate(At("ssl.tcp", port));
        (await going.AcceptSocketAsync()).Dispose();

        await Assert.ThrowsAsync<InvalidAssociationException>(() => link);
        Assert.Null(CoordinatedShutdown.Get(here.System).ShutdownReason);
        going.Stop();
        await Assert.ThrowsAsync<InvalidAssociationException>(() => here.Associate(At("ssl.tcp", port)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stranger_gets_nothing_on_either_side(bool hasAKey)
    {
        var (here, stranger) = (Transport(Key), Transport(hasAKey ? Other : null));
        var (at, heard) = await Listening(here);
        var (strange, heardThere) = await Listening(stranger);

        await Refused(stranger, at);
        await Refused(here, new("ssl.tcp", "akkamail", "127.0.0.1", strange.Port));

        Assert.Empty(heard);
        if (hasAKey) Assert.Empty(heardThere);
    }

    [Fact]
    public async Task Who_shows_no_certificate_gets_nothing()
    {
        var (at, heard) = await Listening(Transport(Key));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, at.Port!.Value);
        await using var ssl = new SslStream(socket.GetStream(), false, (_, shown, _, _) => shown is not null);

        var ended = await Record.ExceptionAsync(async () =>
        {
            await ssl.AuthenticateAsClientAsync("akkamail");   // In TLS 1.3 the client is through before it is refused.
            Assert.Equal(0, await ssl.ReadAsync(new byte[1]));
        });

        Assert.True(ended is null or IOException or System.Security.Authentication.AuthenticationException, $"{ended}");
        Assert.Empty(heard);
    }

    [Fact]
    public async Task More_who_say_nothing_than_may_knock_at_a_time_are_sent_away_at_once()
    {
        var (at, _) = await Listening(Transport(Key));
        var silent = new List<TcpClient>();
        for (var i = 0; i <= NodeTransport.HandshakesMax; i++)
        {
            silent.Add(new TcpClient());
            await silent[^1].ConnectAsync(IPAddress.Loopback, at.Port!.Value);
        }

        Assert.Equal(0, await silent[^1].GetStream().ReadAsync(new byte[1]));   // At once, and not after the five seconds.
        Assert.Equal(0, silent[0].Available);
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task A_frame_over_the_bound_ends_the_link()
    {
        var (at, heard) = await Listening(Transport(null));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, at.Port!.Value);
        (await Inbound(heard)).ReadHandlerSource.SetResult(new Frames());

        await socket.GetStream().WriteAsync(BitConverter.GetBytes(FrameMax + 1));

        Assert.Equal(0, await socket.GetStream().ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task Who_is_not_read_from_is_told_to_wait_and_loses_nothing()
    {
        var (here, there) = (Transport(null), Transport(null));
        var (at, heard) = await Listening(there);
        await Listening(here);
        var link = await here.Associate(at);
        var inbound = await Inbound(heard);   // Nobody listens to it: nothing is read.
        var frame = ByteString.CopyFrom(new byte[FrameMax / 4]);

        var taken = 0;
        while (SpinWait.SpinUntil(() => link.Write(frame), 300)) taken++;

        var frames = new Frames();
        inbound.ReadHandlerSource.SetResult(frames);
        Assert.True(SpinWait.SpinUntil(() => link.Write(frame), Limit));
        Assert.True(SpinWait.SpinUntil(() => frames.Payloads.Count == taken + 1, Limit));
    }

    [Fact]
    public async Task A_link_that_the_writer_finds_broken_is_told_of_by_the_reader()
    {
        var (at, heard) = await Listening(Transport(null));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, at.Port!.Value);
        var inbound = await Inbound(heard);
        socket.LingerState = new(true, 0);
        socket.Close();   // A reset: the next write fails.
        Assert.True(SpinWait.SpinUntil(() => !inbound.Write(ByteString.CopyFrom(0)), Limit));

        var frames = new Frames();
        inbound.ReadHandlerSource.SetResult(frames);

        Assert.True(SpinWait.SpinUntil(() => frames.IsOver, Limit));
    }

    [Fact]
    public async Task A_link_that_is_given_up_still_sends_what_waits()
    {
        var (here, there) = (Transport(Key), Transport(Key));
        var (at, heard) = await Listening(there);
        await Listening(here);
        var link = await here.Associate(at);
        var frames = new Frames();

        for (var i = 0; i < 1_000; i++) Assert.True(link.Write(ByteString.CopyFrom([1, 2, 3])));
        link.Disassociate("its node leaves", here.System.Log);
        (await Inbound(heard)).ReadHandlerSource.SetResult(frames);

        Assert.True(SpinWait.SpinUntil(() => frames.IsOver, Limit));
        Assert.Equal(1_000, frames.Payloads.Count);
    }

    [Fact]
    public async Task A_thread_pool_that_stands_still_does_not_silence_a_link()
    {
        var (here, there) = (Transport(Key), Transport(Key));
        var (at, heard) = await Listening(there);
        await Listening(here);
        var link = await here.Associate(at);
        var frames = new Frames();
        (await Inbound(heard)).ReadHandlerSource.SetResult(frames);
        link.Write(ByteString.CopyFrom(0));
        Assert.True(SpinWait.SpinUntil(() => frames.Payloads.Count == 1, Limit));

        var open = new ManualResetEventSlim();   // Some wake only after the test.
        for (var i = 0; i < 2_000; i++) ThreadPool.UnsafeQueueUserWorkItem(_ => open.Wait(), null);
        try
        {
            for (var n = 2; n < 100; n++)
            {
                link.Write(ByteString.CopyFrom(0));
                Assert.True(SpinWait.SpinUntil(() => frames.Payloads.Count == n, 1_000), $"frame {n} is not there after a second");
            }
            Assert.True(ThreadPool.PendingWorkItemCount > 0, "the pool was never full");
        }
        finally { open.Set(); }
    }

    private static X509Certificate2 NewKey()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=a cluster", pair, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private ActorSystem Node(X509Certificate2? key)
    {
        var boot = BootstrapSetup.Create().WithConfig(Akka.Configuration.ConfigurationFactory.ParseString("""
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.loggers = []
            akka.actor.provider = remote
            """).WithFallback((Akka.Configuration.Config)NodeTransport.Configuration("127.0.0.1", "127.0.0.1", 0, FrameMax)));
        var system = ActorSystem.Create("akkamail", key is null ? ActorSystemSetup.Create(boot) : ActorSystemSetup.Create(boot, new NodeKey(key)));
        _systems.Add(system);
        return system;
    }

    /// <summary>Beside the one that its system has.</summary>
    private NodeTransport Transport(X509Certificate2? key)
    {
        var system = Node(key);
        var transport = new NodeTransport(system, system.Settings.Config.GetConfig("akka.remote.link"));
        _transports.Add(transport);
        return transport;
    }

    private static async Task<(Address At, ConcurrentQueue<InboundAssociation> Heard)> Listening(NodeTransport transport)
    {
        var (at, listener) = await transport.Listen();
        var heard = new Associations();
        listener.SetResult(heard);
        return (at, heard.All);
    }

    private static async Task<AssociationHandle> Inbound(ConcurrentQueue<InboundAssociation> heard)
    {
        using var limit = new CancellationTokenSource(Limit);
        InboundAssociation? first;
        while (!heard.TryPeek(out first)) await Task.Delay(5, limit.Token);
        return first.Association;
    }

    /// <summary>Either at once, or the link ends with nothing having come: in TLS 1.3 a client learns later that it was refused.</summary>
    private static async Task Refused(NodeTransport from, Address to)
    {
        try
        {
            var frames = new Frames();
            var link = await from.Associate(to);
            link.ReadHandlerSource.SetResult(frames);
            Assert.True(SpinWait.SpinUntil(() => frames.IsOver, Limit));
            Assert.Empty(frames.Payloads);
        }
        catch (InvalidAssociationException) { }
    }

    private static Address At(string protocol, int port) => new(protocol, "akkamail", "127.0.0.1", port);

    private static string AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress.ToString();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_transports.Select(t => t.Shutdown()));
        await Task.WhenAll(_systems.Select(s => s.Terminate()));
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(m => Sender.Tell(m));
    }

    private sealed class Associations : IAssociationEventListener
    {
        public ConcurrentQueue<InboundAssociation> All { get; } = [];
        public void Notify(IAssociationEvent ev) => All.Enqueue((InboundAssociation)ev);
    }

    private sealed class Frames : IHandleEventListener
    {
        public ConcurrentQueue<ByteString> Payloads { get; } = [];
        public bool IsOver { get; private set; }

        public void Notify(IHandleEvent ev)
        {
            if (ev is InboundPayload p) Payloads.Enqueue(p.Payload);
            else IsOver = true;
        }
    }
}
