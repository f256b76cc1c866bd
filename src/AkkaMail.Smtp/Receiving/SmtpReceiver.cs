using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// An SMTP server as a connection handler; who binds it to a port (Kestrel) decides where it listens.
/// </summary>
public sealed class SmtpReceiver(
    ReceiverOptions options, TakeRecipient takeRecipient, TakeMail takeMail, TimeProvider time)
    : ConnectionHandler
{
    private int _connections;

    public int Connections => Volatile.Read(ref _connections);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        await using var session = new ReceiverSession(connection, options, takeRecipient, takeMail, time);
        try
        {
            if (Interlocked.Increment(ref _connections) > options.ConnectionsMax) await session.RefuseAsync();
            else await session.RunAsync();
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException or IOException
            or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        { }   // The client went; there is nobody to tell.
        finally { Interlocked.Decrement(ref _connections); }
    }
}
