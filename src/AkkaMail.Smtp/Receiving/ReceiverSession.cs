using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace AkkaMail.Smtp.Receiving;

/// <summary>One connection of a client: reads, lets <see cref="ReceiverDialogue"/> answer, and keeps time.</summary>
internal sealed class ReceiverSession : IAsyncDisposable
{
    private readonly ConnectionContext _connection;
    private readonly ReceiverOptions _options;
    private readonly TimeProvider _time;
    private readonly ReceiverDialogue _dialogue;
    private PipeReader _input;
    private PipeWriter _output;
    private SslStream? _encryption;

    public ReceiverSession(
        ConnectionContext connection, ReceiverOptions options, TakeRecipient recipient, TakeMail mail,
        TimeProvider time)
    {
        (_connection, _options, _time) = (connection, options, time);
        (_input, _output) = (connection.Transport.Input, connection.Transport.Output);
        _dialogue = new(options, new(connection.ConnectionId, connection.RemoteEndPoint), recipient, mail, Write);
    }

    public async Task RefuseAsync()
    {
        Write(new ReceiverReply(421, $"4.3.2 {_options.HostName} has too many connections"));
        await _output.FlushAsync();
    }

    public async Task RunAsync()
    {
        Write(new ReceiverReply(220, $"{_options.HostName} ESMTP"));
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        try
        {
            while (_dialogue.State is DialogueState.Open)
            {
                // A client that does not read is as silent as one that does not write.
                idle.CancelAfter(_options.Idle);
                await _output.FlushAsync(idle.Token);   // Once for all commands that came together (RFC 2920 §3.2).
                if (!_input.TryRead(out var read)) read = await _input.ReadAsync(idle.Token);
                idle.CancelAfter(Timeout.InfiniteTimeSpan);
                var buffer = await _dialogue.ReadAsync(read.Buffer);
                _input.AdvanceTo(buffer.Start, buffer.End);
                if (_dialogue.State is DialogueState.Encrypting) await EncryptAsync(buffer.Length, idle);
                if (read.IsCompleted) break;
            }
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested)
        {
            Write(new ReceiverReply(421, $"4.4.2 {_options.HostName} closes: nothing came for {_options.Idle}"));
        }
        if (_dialogue.State is DialogueState.HangUp) _connection.Abort();
        else await _output.FlushAsync(_connection.ConnectionClosed);
    }

    private async Task EncryptAsync(long left, CancellationTokenSource idle)
    {
        // What came in the clear behind STARTTLS could be anybody's, and would be run as the client's (CVE-2011-0411).
        if (left > 0) { _dialogue.Close(); Write(new ReceiverReply(501, "5.5.2 Nothing may follow STARTTLS")); return; }
        await _output.FlushAsync();
        var stream = _encryption = new SslStream(new DuplexStream(_input.AsStream(), _output.AsStream()));
        idle.CancelAfter(_options.Idle);
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _options.Certificate }, idle.Token);
        idle.CancelAfter(Timeout.InfiniteTimeSpan);
        (_input, _output) = (PipeReader.Create(stream), PipeWriter.Create(stream));
        _dialogue.Encrypted();
    }

    public ValueTask DisposeAsync() => _encryption?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Write(ReceiverReply reply) => _output.Write(reply.Line);
}
