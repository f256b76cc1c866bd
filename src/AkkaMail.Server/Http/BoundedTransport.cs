using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace AkkaMail.Server.Http;

/// <summary>
/// Kestrel's sockets, of which no more than <paramref name="max"/> and a few are open, those included that are being
/// refused: whoever comes beyond them waits in the system's queue, where it costs no open file. Refusing after the accept
/// alone does not bound them: a thousand may be accepted before the first is closed.
/// </summary>
internal sealed class BoundedTransport(SocketTransportFactory sockets, int max) : IConnectionListenerFactory
{
    /// <summary>Connections that are told they are one too many, at once.</summary>
    public const int Refusing = 16;

    /// <summary>In the place of the sockets of the host whose services these are.</summary>
    public static void AddTo(IServiceCollection services, Func<IServiceProvider, int> max) =>
        services.AddSingleton<IConnectionListenerFactory>(p => new BoundedTransport(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(p), max(p)));

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken), max + Refusing);

    private sealed class Listener(IConnectionListener inner, int places) : IConnectionListener
    {
        private readonly SemaphoreSlim _free = new(places);
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try { await _free.WaitAsync(_unbound.Token); }
            catch (OperationCanceledException) { return null; }
            ConnectionContext? connection = null;
            try { connection = await inner.AcceptAsync(cancellationToken); }
            finally
            {
                if (connection is null) _free.Release();
            }
            return connection is null ? null : new Connection(connection, _free);
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Gives its place back once its socket is closed.</summary>
    private sealed class Connection(ConnectionContext inner, SemaphoreSlim free) : ConnectionContext
    {
        private int _isDisposed;

        public override string ConnectionId { get => inner.ConnectionId; set => inner.ConnectionId = value; }
        public override IFeatureCollection Features => inner.Features;
        public override IDictionary<object, object?> Items { get => inner.Items; set => inner.Items = value; }
        public override IDuplexPipe Transport { get => inner.Transport; set => inner.Transport = value; }
        public override CancellationToken ConnectionClosed { get => inner.ConnectionClosed; set => inner.ConnectionClosed = value; }
        public override EndPoint? LocalEndPoint { get => inner.LocalEndPoint; set => inner.LocalEndPoint = value; }
        public override EndPoint? RemoteEndPoint { get => inner.RemoteEndPoint; set => inner.RemoteEndPoint = value; }

        public override void Abort() => inner.Abort();

        public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

        public override async ValueTask DisposeAsync()
        {
            try { await inner.DisposeAsync(); }
            finally
            {
                await base.DisposeAsync();
                if (Interlocked.Exchange(ref _isDisposed, 1) == 0) free.Release();
            }
        }
    }
}
