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
    private readonly Action _onTimeOut;
    private readonly ReceiverDialogue _dialogue;
    private PipeReader _input;
    private PipeWriter _output;
    private SslStream? _encryption;
    private bool _hasAnswered, _tookTooLong;

    public ReceiverSession(
        ConnectionContext connection, ReceiverOptions options, TakeRecipient recipient, TakeMail mail,
        MailMemory memory, Action onTimeOut, TimeProvider time)
    {
        (_connection, _options, _onTimeOut, _time) = (connection, options, onTimeOut, time);
        _patience = new(options, time);
        (_input, _output) = (connection.Transport.Input, connection.Transport.Output);
        var session = new SmtpSession(connection.ConnectionId, connection.RemoteEndPoint)
        {
            // TLS from the first octet (RFC 8314 §3.3) is done before us.
            IsEncrypted = connection.Features.Get<ITlsHandshakeFeature>() is not null,
        };
        _dialogue = new(options, session, recipient, mail, memory, Write);
    }

    public async Task RunAsync()
    {
        Write(new ReceiverReply(220, $"{_options.HostName} ESMTP"));
        using (var over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time))
        {
            try { await ConverseAsync(over); }
            catch (OperationCanceledException) when (over.IsCancellationRequested) { _tookTooLong = true; }
            catch (AuthenticationException) { _dialogue.Close(); }   // TLS has told the client why.
        }
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

    private async Task EncryptAsync(long left, CancellationTokenSource over)
    {
        // What came in the clear behind STARTTLS could be anybody's, and would be run as the client's (CVE-2011-0411).
        if (left > 0) { _dialogue.Close(); Write(new ReceiverReply(501, "5.5.2 Nothing may follow STARTTLS")); return; }
        over.CancelAfter(_options.CommandTime);
        await _output.FlushAsync(over.Token);
        var stream = _encryption = new SslStream(new DuplexStream(_input.AsStream(), _output.AsStream()));
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _options.Certificate }, over.Token);
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
