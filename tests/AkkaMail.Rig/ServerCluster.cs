using System.Globalization;

namespace AkkaMail.Rig;

/// <summary>
/// Nodes of one cluster as processes of their own, each at an address of its own on this machine, or in a network namespace
/// of its own, and with a directory of its own; all they share is the database.
/// </summary>
public sealed class ServerCluster : IAsyncDisposable
{
    private readonly string _directory = ThisBuild.NewDirectory("cluster");

    private ServerCluster(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }
    public IReadOnlyList<ServerNode> Nodes { get; private set; } = [];
    public IReadOnlyList<Uri> Urls => [.. Nodes.Select(n => n.Url)];

    /// <summary>Started together, and ready.</summary>
    public static async Task<ServerCluster> Start(
        int nodes, string connectionString, params (string Name, string Value)[] settings)
    {
        var cluster = Prepare([.. Enumerable.Range(1, nodes).Select(NodePlace.Loopback)], connectionString, settings);
        foreach (var node in cluster.Nodes) node.Begin();
        await Task.WhenAll(cluster.Nodes.Select(n => n.Ready()));
        return cluster;
    }

    /// <summary>None of them runs yet.</summary>
    public static ServerCluster Prepare(
        IReadOnlyList<NodePlace> places, string connectionString, params (string Name, string Value)[] settings)
    {
        var cluster = new ServerCluster(connectionString);
        cluster.Nodes = [.. places.Select((place, i) => new ServerNode(
            i + 1, place, Path.Combine(cluster._directory, (i + 1).ToString(CultureInfo.InvariantCulture)),
            [
                ("AkkaMail__Storage__Provider", "postgres"), ("AkkaMail__Storage__ConnectionString", connectionString),
                ("AkkaMail__Domains__AllowUnverified", "true"), .. settings,
            ]))];
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        // Not on a thread that reads what they say: their end is waited for until all of that is read.
        await Task.Run(() => Parallel.ForEach(Nodes, node => node.Dispose()));
        Directory.Delete(_directory, recursive: true);
    }
}

/// <param name="Host">What its fellows call it, and where it listens for them.</param>
/// <param name="Door">Where its API listens.</param>
/// <param name="Within">A program with its arguments that runs it there; none: it is run by itself.</param>
public sealed record NodePlace(string Host, string Door, IReadOnlyList<string> Within)
{
    public static NodePlace Loopback(int number) => new($"127.0.0.{number}", $"127.0.0.{number}", []);
}

/// <summary>One of them, started again at the same address when a test wants.</summary>
public sealed class ServerNode : IDisposable
{
    private readonly Dictionary<string, string> _settings;
    private readonly string _directory;
    private readonly NodePlace _place;
    private readonly int _port = ServerProcess.FreePort();
    private ServerProcess? _server;

    internal ServerNode(int number, NodePlace place, string directory, IEnumerable<(string Name, string Value)> settings)
    {
        (Number, _place, _directory) = (number, place, directory);
        Directory.CreateDirectory(directory);
        ClusterPort = ServerProcess.FreePort();
        _settings = settings.Concat(
            [
                ("AkkaMail__Cluster__Host", Host),
                ("AkkaMail__Cluster__Port", ClusterPort.ToString(CultureInfo.InvariantCulture)),
                ("AkkaMail__Delivery__EhloName", $"node{Number}.test"),
            ]).GroupBy(s => s.Item1).ToDictionary(g => g.Key, g => g.Last().Item2);
        Url = new($"http://{place.Door}:{_port}");
    }

    public int Number { get; }
    public string Host => _place.Host;
    public int ClusterPort { get; }
    public Uri Url { get; }

    /// <summary>What fellow nodes call it.</summary>
    public string Address => $"akka.ssl.tcp://akkamail@{Host}:{ClusterPort}";

    public ServerProcess Server => _server ?? throw new InvalidOperationException($"node {Number} is down");
    public bool Runs => _server is { HasExited: false };

    /// <summary>Of this one alone.</summary>
    public void Set(string name, string value) => _settings[name] = value;

    /// <summary>The AkkaMail.Server.dll that it is from the next start on; null: of this build.</summary>
    public string? Program { get; set; }

    /// <summary>Started, and not waited for.</summary>
    public void Begin(string? configuration = null)
    {
        _server?.Dispose();
        _server = ServerProcess.Start(_directory, _settings, port: _port, host: _place.Door,
            configuration: configuration ?? ThisBuild.Configuration, within: _place.Within, program: Program);
    }

    public Task Ready(TimeSpan? within = null) => Server.Ready(within);

    public async Task Up()
    {
        Begin();
        await Ready();
    }

    /// <summary>SIGKILL: as in a crash.</summary>
    public void Kill() => Server.Kill();

    public void Dispose() => _server?.Dispose();
}
