using System.Net;
using System.Net.Sockets;

namespace AkkaMail.Rig;

/// <summary>
/// A way to a port of this machine that can be cut: then nothing goes through, and nobody is told, as when packets are
/// dropped on the way.
/// </summary>
public sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _to;
    private TaskCompletionSource _open = new();

    public TcpRelay(int to)
    {
        _to = to;
        _open.SetResult();
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend() => _open.TrySetResult();

    private async Task Accept()
    {
        try
        {
            while (true) _ = Pass(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task Pass(TcpClient from)
    {
        using (from)
        using (var to = new TcpClient { NoDelay = true })
            try
            {
                from.NoDelay = true;
                await _open.Task.WaitAsync(_end.Token);
                await to.ConnectAsync(IPAddress.Loopback, _to, _end.Token);
                using var one = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                await Task.WhenAny(
                    Pump(from.GetStream(), to.GetStream(), one.Token), Pump(to.GetStream(), from.GetStream(), one.Token));
                await one.CancelAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException) { }
    }

    private async Task Pump(NetworkStream from, NetworkStream to, CancellationToken cancel)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                await _open.Task.WaitAsync(cancel);
                await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException) { }
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }
}
