using System.Globalization;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>A server on a data directory of its own, started again at the same address when a test wants.</summary>
internal sealed class Installation : IDisposable
{
    private readonly Dictionary<string, string> _settings;
    private readonly bool _ownsDirectory;
    private readonly int _port = ServerProcess.FreePort();
    private ServerProcess? _server;

    private Installation(string directory, bool ownsDirectory, Dictionary<string, string> settings) =>
        (Directory, _ownsDirectory, _settings) = (directory, ownsDirectory, settings);

    public string Directory { get; }

    /// <summary>The connection string of its database; null: it keeps files.</summary>
    public string? Database => _settings.GetValueOrDefault(Stored.ConnectionString);

    public ServerProcess Server => _server ?? throw new InvalidOperationException("the server is down");
    public Api Api { get; private set; } = null!;

    /// <summary>Everything goes to one sink, as to a smarthost.</summary>
    public static Task<Installation> Relaying(int port, params (string Name, string Value)[] settings) =>
        Start(null, [("AkkaMail__Delivery__Relay", $"127.0.0.1:{port}"), .. settings]);

    /// <summary>Each domain's MX is asked for, and has the sink's port.</summary>
    public static Task<Installation> Resolving(Dnsmasq dns, int port, params (string Name, string Value)[] settings) =>
        Start(null,
        [
            ("AkkaMail__Dns__Servers", $"127.0.0.1:{dns.Port}"),
            ("AkkaMail__Delivery__Port", port.ToString(CultureInfo.InvariantCulture)),
            ("AkkaMail__Delivery__AllowNetworks", "127.0.0.0/8"), .. settings,
        ]);

    /// <param name="directory">Null makes a temporary one and deletes it in the end.</param>
    public static async Task<Installation> Start(string? directory, params (string Name, string Value)[] settings)
    {
        var made = new Installation(
            directory ?? ThisBuild.NewDirectory("e2e"), directory is null,
            // Most tests are of delivery, and send from domains that nobody has verified.
            new[] { ("AkkaMail__Domains__AllowUnverified", "true") }
                .Concat(settings.Any(s => s.Name == Stored.Provider) ? [] : Stored.In(Stored.OfThisRun)).Concat(settings)
                .GroupBy(s => s.Item1).ToDictionary(g => g.Key, g => g.Last().Item2));
        try { await made.Up(); }
        catch
        {
            made.Dispose();
            throw;
        }
        return made;
    }

    public async Task Up(params string[] arguments)
    {
        _server = ServerProcess.Start(Directory, _settings, port: _port, arguments: arguments);
        Api ??= new(_server.Url);
        await _server.Ready();
    }

    /// <summary>SIGKILL: as in a crash.</summary>
    public void Kill()
    {
        _server?.Dispose();
        _server = null;
    }

    /// <summary>SIGTERM, a clean end, and a new start.</summary>
    public Task Restart() => WhileStopped(() => Task.CompletedTask);

    /// <summary>Ends cleanly and looks at what it leaves; it is up again whatever is found.</summary>
    public async Task WhileStopped(Func<Task> look)
    {
        await Server.Stop();
        try { await look(); }
        finally
        {
            Kill();
            await Up();
        }
    }

    public void Dispose()
    {
        Kill();
        Api?.Dispose();
        if (_ownsDirectory) System.IO.Directory.Delete(Directory, recursive: true);
    }
}
