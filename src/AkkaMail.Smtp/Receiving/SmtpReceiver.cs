using System.Buffers;
using System.Net;
using System.Net.Sockets;
using AkkaMail.Core.Networks;
using Microsoft.AspNetCore.Connections;

namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// An SMTP server as a connection handler; who binds it to a port (Kestrel) decides where it listens.
/// </summary>
/// <param name="memory">Shared with other doors; null: its own, of <see cref="ReceiverOptions.MemoryMax"/>.</param>
public sealed class SmtpReceiver(
    ReceiverOptions options, TakeRecipient takeRecipient, TakeMail takeMail, TimeProvider time,
    MailMemory? memory = null)
    : ConnectionHandler
{
    private readonly OpenConnections _open = new(options.ConnectionsMax, options.ConnectionsPerClientMax);
    private readonly MailMemory _memory = memory ?? new(options.MemoryMax);
    private readonly ReceiverReply
        _full = new(421, $"4.3.2 {options.HostName} has too many connections"),
        _clientHasEnough = new(421, $"4.7.0 {options.HostName} has too many connections from you");
    private long _accepted, _refusedFull, _refusedClient, _timedOut;

    /// <summary>Open now; one that is refused does not count.</summary>
    public int Connections => _open.Count;

    /// <summary>Clients that have a connection now.</summary>
    public int Clients => _open.Clients;

    /// <summary>Octets that mails being read have taken of <see cref="ReceiverOptions.MemoryMax"/>.</summary>
    public long MemoryUsed => _memory.Used;

    public ReceiverCounts Counts => new(
        Interlocked.Read(ref _accepted), Interlocked.Read(ref _refusedFull), Interlocked.Read(ref _refusedClient),
        Interlocked.Read(ref _timedOut));

    public override Task OnConnectedAsync(ConnectionContext connection) => TakeAsync(connection, beginsWithTls: false);

    /// <summary>TLS from the first octet (RFC 8314 §3.3); there has to be a certificate.</summary>
    public Task OnTlsConnectedAsync(ConnectionContext connection) => TakeAsync(connection, beginsWithTls: true);

    private async Task TakeAsync(ConnectionContext connection, bool beginsWithTls)
    {
        var client = connection.RemoteEndPoint is IPEndPoint remote ? ClientNetwork.Of(remote.Address) : null;
        var (place, clientHasEnough) =
            await _open.EnterAsync(client, options.PlaceTime, time, connection.ConnectionClosed);
        if (place is null)
        {
            Interlocked.Increment(ref clientHasEnough ? ref _refusedClient : ref _refusedFull);
            await RefuseAsync(connection, clientHasEnough ? _clientHasEnough : _full, beginsWithTls);
            return;
        }
        using (place)
        using (connection.ConnectionClosed.Register(place.Leave))
        {
            Interlocked.Increment(ref _accepted);
            await RunAsync(connection, beginsWithTls, place.Leave);
        }
    }

    /// <summary>One short line fits into any socket's buffer: it holds up nobody.</summary>
    private static async Task RefuseAsync(ConnectionContext connection, ReceiverReply reply, bool beginsWithTls)
    {
        if (beginsWithTls) { connection.Abort(); return; }   // Words need a handshake, which costs what there is not.
        connection.Transport.Output.Write(reply.Line);
        await connection.Transport.Output.FlushAsync();
    }

    private async Task RunAsync(ConnectionContext connection, bool beginsWithTls, Action onLeaving)
    {
        await using var session = new ReceiverSession(
            connection, beginsWithTls, options, takeRecipient, takeMail, _memory, onLeaving,
            () => Interlocked.Increment(ref _timedOut), time);
        try { await session.RunAsync(); }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException or IOException
            or SocketException or OperationCanceledException)
        {
            connection.Abort();   // The client went; there is nobody to tell.
        }
    }
}
