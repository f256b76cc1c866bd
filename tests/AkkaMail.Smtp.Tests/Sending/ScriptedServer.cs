using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AkkaMail.Smtp.Tests.Sending;

/// <summary>
/// A receiver that does what a test tells it, for what no decent one does. A script gets each connection and its
/// number.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private int _connections;

    public ScriptedServer(Func<Peer, int, Task> script, IPAddress? address = null)
    {
        _listener = new(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _ = AcceptAsync(script);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public int Connections => _connections;

    private async Task AcceptAsync(Func<Peer, int, Task> script)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _clients.Add(client);
                _ = RunAsync(script, client, Interlocked.Increment(ref _connections));
            }
        }
        catch (OperationCanceledException) { }
    }

    private static async Task RunAsync(Func<Peer, int, Task> script, TcpClient client, int number)
    {
        using var peer = new Peer(client.GetStream(), ((IPEndPoint)client.Client.RemoteEndPoint!).Address);
        try { await script(peer, number); }
        catch (Exception e) when (e is IOException or AuthenticationException) { }
        client.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        foreach (var client in _clients) client.Dispose();
        _stop.Dispose();
    }
}

internal sealed class Peer(Stream stream, IPAddress from) : IDisposable
{
    private StreamReader _reader = new(stream);
    private Stream _stream = stream;

    public IPAddress From => from;

    public void Dispose() => _reader.Dispose();

    public async Task Say(string line) => await _stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(line + "\r\n"));

    /// <summary>The client is to begin TLS now.</summary>
    public async Task Encrypt(X509Certificate2 certificate)
    {
        var secure = new SslStream(_stream);
        await secure.AuthenticateAsServerAsync(certificate);
        (_stream, _reader) = (secure, new(secure));
    }

    public async Task<string> Hear() => await _reader.ReadLineAsync() ?? throw new EndOfStreamException();

    /// <summary>
    /// Speaks as a plain receiver does; <paramref name="except"/> answers a command itself by returning true.
    /// </summary>
    public async Task Serve(Func<string, Task<bool>> except, string extension = "PIPELINING")
    {
        await Say("220 scripted.test ESMTP");
        while (true)
        {
            var line = await Hear();
            if (await except(line)) continue;
            if (line.StartsWith("EHLO", StringComparison.Ordinal)) await Say($"250-scripted.test\r\n250 {extension}");
            else if (line == "DATA") await Say("354 go");
            else if (line == ".") await Say("250 2.0.0 taken");
            else if (line == "QUIT") { await Say("221 bye"); return; }
            else if (line.Length >= 4 && line[..4] is ("MAIL" or "RCPT" or "RSET")) await Say("250 2.1.0 ok");
        }
    }
}
