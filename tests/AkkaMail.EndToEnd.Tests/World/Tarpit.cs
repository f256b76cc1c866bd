using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>A receiver at 127.0.0.2 that gives every answer 20 s late, until it is let off.</summary>
internal sealed class Tarpit : IDisposable
{
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(20);
    private readonly TcpListener _listener;
    private TaskCompletionSource _letOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken, _connections;

    public Tarpit(int port)
    {
        _listener = new(IPAddress.Parse("127.0.0.2"), port);
        _listener.Start();
        _ = Listen();
    }

    public int Taken => Volatile.Read(ref _taken);
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers at once from now on.</summary>
    public void LetOff() => _letOff.TrySetResult();

    /// <summary>Is slow again.</summary>
    public void Hold() => _letOff = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        LetOff();
        _listener.Dispose();
    }

    private async Task Listen()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) { }
    }

    private async Task Serve(TcpClient client)
    {
        using var own = client;
        Interlocked.Increment(ref _connections);
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            await Say("220 tarpit.test");
            while (await reader.ReadLineAsync() is { } line)
            {
                await Say(line == "DATA" ? "354 go on" : "250 tarpit.test");
                if (line == "QUIT") return;
                if (line != "DATA") continue;
                while (await reader.ReadLineAsync() is not (null or ".")) { }
                await Say("250 2.0.0 at last");
                Interlocked.Increment(ref _taken);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException) { }
        finally { Interlocked.Decrement(ref _connections); }

        async Task Say(string answer)
        {
            await Task.WhenAny(_letOff.Task, Task.Delay(Late));
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"));
        }
    }
}
