using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Transport;

namespace AkkaMail.Engine.Links;

/// <summary>
/// How nodes reach each other: TCP, and with a <see cref="NodeKey"/> in the system's setup mutual TLS. Instead of
/// Akka.Remote's own transport, with which it shares the bytes: that one ends the whole node when a handshake fails that it
/// began (TlsHandshakeFailureReason, 1.5.73), and a fellow that is just going away is enough for that.
/// </summary>
public sealed class NodeTransport : Akka.Remote.Transport.Transport
{
    /// <summary>For a connection and its handshake; on one network it takes milliseconds.</summary>
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5), Farewell = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Who is not known yet, and all that are open: beyond that a new one is closed at once.</summary>
    internal const int HandshakesMax = 64, LinksMax = 1024;

    private readonly TaskCompletionSource<IAssociationEventListener> _listener =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<NodeLink, bool> _links = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _end = new();
    private readonly ILoggingAdapter _log;
    private readonly NodeKey? _key;
    private readonly IPAddress _listen;
    private readonly int _port, _frameMax;
    private readonly string _name;
    private Socket? _door;
    private Address? _own;
    private int _handshakes;

    /// <param name="config">
    /// hostname (an address: where it listens), port (0: any), public-hostname (how fellows reach it), maximum-frame-size.
    /// </param>
    public NodeTransport(ActorSystem system, Config config)
    {
        (System, Config) = (system, config);
        _log = Logging.GetLogger(system, typeof(NodeTransport));
        _key = system.Settings.Setup.Get<NodeKey>() is { HasValue: true, Value: var key } ? key : null;
        _listen = IPAddress.Parse(config.GetString("hostname"));
        _name = config.GetString("public-hostname");
        _port = config.GetInt("port");
        _frameMax = checked((int)config.GetByteSize("maximum-frame-size")!.Value);
        SchemeIdentifier = _key is null ? "tcp" : "ssl.tcp";
        MaximumPayloadBytes = _frameMax;
    }

    /// <summary>
    /// What Akka.Remote has to know to use it. A larger message than <paramref name="frameBytes"/> is dropped with one line
    /// in the log. The threads of remoting and of the cluster are their own, for the reason that <see cref="NodeLink"/> has.
    /// </summary>
    public static Config Configuration(string listen, string host, int port, int frameBytes) => $$"""
        akka.remote.enabled-transports = ["akka.remote.link"]
        akka.remote.link {
          transport-class = "{{typeof(NodeTransport).FullName}}, {{typeof(NodeTransport).Assembly.GetName().Name}}"
          transport-protocol = tcp
          applied-adapters = []
          hostname = "{{listen}}"
          public-hostname = "{{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}}"
          port = {{port}}
          maximum-frame-size = {{frameBytes}}b
        }
        akka.remote.default-remote-dispatcher.executor = fork-join-executor
        akka.remote.backoff-remote-dispatcher.executor = fork-join-executor
        akka.actor.internal-dispatcher.executor = fork-join-executor
        """;

    public override bool IsResponsibleFor(Address remote) => true;

    /// <summary>A <see cref="RemoteTransportException"/>: the port is taken, or the address is none of this machine.</summary>
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        _door = new Socket(_listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _door.Bind(new IPEndPoint(_listen, _port));
            _door.Listen();
        }
        catch (SocketException e)
        {
            _door.Dispose();
            throw new RemoteTransportException($"Nodes cannot be listened for on {_listen}:{_port}: {e.Message}", e);
        }
        _own = new Address(SchemeIdentifier, System.Name, _name, ((IPEndPoint)_door.LocalEndPoint!).Port);
        _ = AcceptAll();
        return Task.FromResult((_own, _listener));
    }

    /// <summary>An <see cref="InvalidAssociationException"/>: nobody answers there, or a stranger.</summary>
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        var socket = NewSocket();
        using var limit = Limit();
        try
        {
            await socket.ConnectAsync(
                IPAddress.TryParse(remoteAddress.Host, out var ip)
                    ? new IPEndPoint(ip, remoteAddress.Port!.Value) : new DnsEndPoint(remoteAddress.Host, remoteAddress.Port!.Value),
                limit.Token);
            Stream stream = new NetworkStream(socket);
            if (_key is not null) stream = await _key.Begin(stream, remoteAddress.Host, limit.Token);
            return Open(socket, stream, remoteAddress);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Dispose();
            throw new InvalidAssociationException($"No link to {remoteAddress}: {e.Message}", e);
        }
    }

    /// <summary>Open links have two seconds to send what waits.</summary>
    public override async Task<bool> Shutdown()
    {
        await _end.CancelAsync();
        _listener.TrySetCanceled();
        _door?.Dispose();
        foreach (var link in _links.Keys) link.GiveUp();
        await Task.WhenAll(_links.Keys.Select(l => l.Ended));
        return true;
    }

    private async Task AcceptAll()
    {
        try
        {
            var listener = await _listener.Task;
            while (true)
                try { Welcome(await _door!.AcceptAsync(_end.Token), listener); }
                catch (SocketException e)
                {
                    // Such as: no file descriptor is left.
                    _log.Warning("no node can be let in just now: {0}", e.Message);
                    await Task.Delay(Pause, _end.Token);
                }
        }
        catch (OperationCanceledException) { }
        catch (ObjectDisposedException) { }
    }

    private void Welcome(Socket socket, IAssociationEventListener listener)
    {
        if (Interlocked.Increment(ref _handshakes) > HandshakesMax || _links.Count >= LinksMax)
        {
            Interlocked.Decrement(ref _handshakes);
            socket.Dispose();
            return;
        }
        _ = Task.Run(async () =>
        {
            try { await Answer(socket, listener); }
            finally { Interlocked.Decrement(ref _handshakes); }
        });
    }

    private async Task Answer(Socket socket, IAssociationEventListener listener)
    {
        using var limit = Limit();
        EndPoint? from = null;
        try
        {
            from = socket.RemoteEndPoint;
            socket.NoDelay = true;
            Stream stream = new NetworkStream(socket);
            if (_key is not null) stream = await _key.Answer(stream, limit.Token);
            var at = (IPEndPoint)from!;
            var host = at.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{at.Address}]" : at.Address.ToString();
            listener.Notify(new InboundAssociation(Open(socket, stream, new Address(SchemeIdentifier, System.Name, host, at.Port))));
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Dispose();
            // Fellows that end in the middle of it are no strangers.
            if (e is AuthenticationException) _log.Warning("a stranger was refused at the port of the cluster: {0}, {1}", from, e.Message);
        }
    }

    private NodeLink Open(Socket socket, Stream stream, Address remote)
    {
        var link = new NodeLink(_own!, remote, socket, stream, _frameMax, Farewell, _log);
        _links[link] = true;
        link.Ended.ContinueWith(_ => _links.TryRemove(link, out bool _), TaskScheduler.Default);
        link.Begin();
        if (_end.IsCancellationRequested) link.GiveUp();
        return link;
    }

    private CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(HandshakeTime);
        return limit;
    }

    private static Socket NewSocket() => new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
