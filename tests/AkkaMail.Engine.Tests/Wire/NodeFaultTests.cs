using System.Diagnostics.Metrics;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Akka.Remote;
using Akka.Serialization;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;

namespace AkkaMail.Engine.Tests.Wire;

/// <summary>
/// A message that cannot be said or understood is lost by itself: counted, named in the log, and the two nodes go on.
/// Over a real connection, since it is Akka's writer and reader that decide what becomes of it.
/// </summary>
public sealed class NodeFaultTests : IAsyncLifetime
{
    /// <summary>Somewhere inside it is a list that was never made.</summary>
    private static readonly object Broken = new ToLedger(1, new ConcludeAttempts(default));

    private readonly EngineMetrics _metrics = new();
    private readonly List<string> _counted = [];
    private readonly MeterListener _listener = new();
    private readonly Inbox _heard, _errors, _partings;
    private readonly ActorSystem _here, _there;
    private readonly ActorSelection _to;

    public NodeFaultTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "akkamail.node_messages.faulty") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (_counted) _counted.Add(string.Join(' ', tags.ToArray().Select(t => t.Value)));
        });
        _listener.Start();
        _here = Node("here", system => new Later(system), typeof(FromLater));
        _there = Node("there", system => new NodeMessageSerializer(system, _metrics));
        (_heard, _errors, _partings) = (Inbox.Create(_there), Inbox.Create(_there), Inbox.Create(_here));
        _there.EventStream.Subscribe(_errors.Receiver, typeof(Error));
        _here.EventStream.Subscribe(_partings.Receiver, typeof(DisassociatedEvent));
        var echo = _there.ActorOf(Props.Create(() => new Teller(_heard.Receiver)), "echo");
        var address = ((ExtendedActorSystem)_there).Provider.DefaultAddress;
        _to = _here.ActorSelection(new RootActorPath(address) / "user" / echo.Path.Name);
    }

    [Fact]
    public void What_cannot_be_sent_is_lost_by_itself()
    {
        Assert.Equal("the first", Says("the first"));

        _to.Tell(Broken);

        Assert.Equal("the next", Says("the next"));
        Assert.Throws<TimeoutException>(() => _partings.Receive(TimeSpan.FromMilliseconds(200)));
        Assert.Equal(["to-ledger sent"], _counted);
    }

    /// <summary>Of Akka's own frame; why senders cut, and the server has a larger one.</summary>
    [Fact]
    public void What_is_larger_than_the_frame_is_lost_by_itself_and_nobody_counts_it()
    {
        Assert.Equal("the first", Says("the first"));

        _to.Tell(new LedgerUnavailable(1, new('x', 128_000)));

        Assert.Equal("the next", Says("the next"));
        Assert.Empty(_counted);
    }

    [Fact]
    public void What_a_later_version_says_is_lost_by_itself_and_named_once()
    {
        Assert.Equal("the first", Says("the first"));

        _to.Tell(new FromLater());
        _to.Tell(new FromLater());

        Assert.Equal("the next", Says("the next"));
        Assert.Throws<TimeoutException>(() => _partings.Receive(TimeSpan.FromMilliseconds(200)));
        Assert.Equal(["later received", "later received"], _counted);
        Assert.Contains("'later'", ((Error)_errors.Receive(TimeSpan.FromSeconds(10))).Message.ToString());
    }

    [Fact]
    public void Whatever_is_wrong_the_fault_is_one_that_Akka_knows_and_names_the_kind()
    {
        var serializer = new NodeMessageSerializer((ExtendedActorSystem)_there, _metrics);
        string Of(Action what) => Assert.Throws<SerializationException>(what).Message;

        Assert.Contains("'conclude'", Of(() => serializer.ToBinary(new ConcludeAttempts(default))));
        Assert.Contains("'zz'", Of(() => serializer.FromBinary([], "zz")));
        Assert.Contains("'has-mail'", Of(() => serializer.FromBinary([1, 2, 3], "has-mail")));
        Assert.Contains("'handed-out'", Of(() => serializer.FromBinary([255, 255, 255], "handed-out")));
    }

    private string Says(string reason)
    {
        _to.Tell(new LedgerUnavailable(1, reason));
        return ((LedgerUnavailable)_heard.Receive(TimeSpan.FromSeconds(20))).Reason;
    }

    private ActorSystem Node(string name, Func<ExtendedActorSystem, Serializer> serializer, params Type[] more) =>
        ActorSystem.Create(name, ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig("""
                akka.loglevel = ERROR
                akka.stdout-loglevel = OFF
                akka.loggers = []
                akka.actor.provider = remote
                akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
                """),
            SerializationSetup.Create(system =>
                [SerializerDetails.Create("nodes", serializer(system), [.. NodeMessageSerializer.Types, .. more])])));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await Task.WhenAll(_here.Terminate(), _there.Terminate());
        _metrics.Dispose();
    }

    private sealed class Teller : ReceiveActor
    {
        public Teller(IActorRef to) => ReceiveAny(to.Tell);
    }

    private sealed record FromLater;

    /// <summary>The serializer of a version that says one thing more.</summary>
    private sealed class Later(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        private readonly NodeMessageSerializer _before = new(system, new EngineMetrics());

        public override int Identifier => NodeMessageSerializer.Id;
        public override string Manifest(object o) => o is FromLater ? "later" : _before.Manifest(o);
        public override byte[] ToBinary(object obj) => obj is FromLater ? [] : _before.ToBinary(obj);
        public override object FromBinary(byte[] bytes, string manifest) => _before.FromBinary(bytes, manifest);
    }
}
