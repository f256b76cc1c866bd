using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AkkaMail.Smtp.Receiving;

/// <summary>One connection of a client: reads, lets <see cref="ReceiverDialogue"/> answer, and keeps time.</summary>
internal sealed class ReceiverSession : IAsyncDisposable
{
    private readonly ConnectionContext _connection;
    private readonly ReceiverOptions _options;
    private readonly TimeProvider _time;
    private readonly Patience _patience;
    private readonly Action _onLeaving, _onTimeOut;
    private readonly ReceiverDialogue _dialogue;
    private PipeReader _input;
    private PipeWriter _output;
    private SslStream? _encryption;
    private readonly bool _beginsWithTls;
    private bool _hasAnswered, _tookTooLong;
    private volatile bool _isEnding;

    public ReceiverSession(
        ConnectionContext connection, bool beginsWithTls, ReceiverOptions options, TakeRecipient recipient,
        TakeMail mail, MailMemory memory, Action onLeaving, Action onTimeOut, TimeProvider time)
    {
        (_connection, _options, _time) = (connection, options, time);
        (_beginsWithTls, _onLeaving, _onTimeOut) = (beginsWithTls, onLeaving, onTimeOut);
        _patience = new(options, time);
        (_input, _output) = (connection.Transport.Input, connection.Transport.Output);
        var session = new SmtpSession(connection.ConnectionId, connection.RemoteEndPoint);
        _dialogue = new(options, session, recipient, mail, memory, Write);
    }

    public async Task RunAsync()
    {
        using (var over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time))
        using (Ending())
        {
            try
            {
                if (_beginsWithTls) await EncryptAsync(left: 0, over);
                Write(new ReceiverReply(220, $"{_options.HostName} ESMTP"));
                await ConverseAsync(over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested) { _tookTooLong = true; }
            catch (AuthenticationException) { _dialogue.Close(); }   // TLS has told the client why.
        }
        _onLeaving();   // Before 221: whoever reads it may connect again at once, and some do not wait for it.
        if (_tookTooLong)
        {
            _onTimeOut();
            Write(new ReceiverReply(421, $"4.4.2 {_options.HostName} closes: that took too long"));
        }
        if (_dialogue.State is DialogueState.HangUp or DialogueState.Encrypting) _connection.Abort();
        else await FarewellAsync();
    }

    private async Task ConverseAsync(CancellationTokenSource over)
    {
        while (_dialogue.State is DialogueState.Open)
        {
            // RFC 5321 §3.8: between commands; a mail that is being read comes to its end.
            if (_isEnding && !_dialogue.IsInData)
            {
                Write(new ReceiverReply(421, $"4.3.2 {_options.HostName} closes: come again"));
                return;
            }
            if (_hasAnswered) _patience.Answered();
            _hasAnswered = false;
            var left = _patience.Left(_dialogue.IsInData);
            if (left <= TimeSpan.Zero) { _tookTooLong = true; return; }   // Octets that never cease wait for nothing.
            over.CancelAfter(left);
            // A client that does not read is as silent as one that does not write.
            await _output.FlushAsync(over.Token);   // Once for all commands that came together (RFC 2920 §3.2).
            if (!_input.TryRead(out var read)) read = await _input.ReadAsync(over.Token);
            over.CancelAfter(Timeout.InfiniteTimeSpan);
            var buffer = await _dialogue.ReadAsync(read.Buffer);
            _input.AdvanceTo(buffer.Start, _dialogue.HasMore ? buffer.Start : buffer.End);
            if (_dialogue.State is DialogueState.Encrypting) await EncryptAsync(buffer.Length, over);
            if (read.IsCompleted && !_dialogue.HasMore) return;
        }
    }

    /// <summary>When the server stops, whoever is silent need not be waited for.</summary>
    private CancellationTokenRegistration Ending() =>
        _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(() =>
        {
            _isEnding = true;
            _input.CancelPendingRead();
        }) ?? default;

    private async Task EncryptAsync(long left, CancellationTokenSource over)
    {
        // What came in the clear behind STARTTLS could be anybody's, and would be run as the client's (CVE-2011-0411).
        if (left > 0) { _dialogue.Close(); Write(new ReceiverReply(501, "5.5.2 Nothing may follow STARTTLS")); return; }
        over.CancelAfter(_options.CommandTime);
        await _output.FlushAsync(over.Token);
        var stream = _encryption = new SslStream(new DuplexStream(_input.AsStream(), _output.AsStream()));
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificateContext = _options.Tls }, over.Token);
        over.CancelAfter(Timeout.InfiniteTimeSpan);
        (_input, _output) = (PipeReader.Create(stream), PipeWriter.Create(stream));
        _dialogue.Encrypted();
        _patience.Answered();
    }

    /// <summary>
    /// Ends when the socket is closed. Kestrel would wait for ever until a client has read what it was sent, and such
    /// connections would be counted by nobody.
    /// </summary>
    private async Task FarewellAsync()
    {
        using var over = new CancellationTokenSource(_options.FarewellTime, _time);
        try
        {
            await _output.FlushAsync(over.Token);
            if (_encryption?.IsAuthenticated is true) await _encryption.ShutdownAsync().WaitAsync(over.Token);
            await _connection.Transport.Output.CompleteAsync();
            var socket = _connection.Features.Get<IConnectionSocketFeature>()?.Socket;
            using var closed =
                CancellationTokenSource.CreateLinkedTokenSource(over.Token, _connection.ConnectionClosed);
            await Task.Delay(Timeout.Infinite, closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The client's half is closed. Of ours there is no word: look.
            while (socket?.SafeHandle.IsClosed == false) await Task.Delay(10, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested) { _connection.Abort(); }
    }

    public async ValueTask DisposeAsync()
    {
        _dialogue.Dispose();
        if (_encryption is not null) await _encryption.DisposeAsync();
    }

    private void Write(ReceiverReply reply)
    {
        _output.Write(reply.Line);
        _hasAnswered = true;
    }
}
