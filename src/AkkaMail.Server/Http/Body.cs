using System.Buffers;
using System.IO.Pipelines;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Server.Http;

internal static class Body
{
    /// <summary>Bytes of a body that need no leave: ordinary mail always comes in.</summary>
    public const int FreeBytes = 64 * 1024;

    /// <summary>What a byte of a body costs until the request has its answer: as it came, as text, and as a mail.</summary>
    public const int Weight = 3;

    /// <summary>
    /// The whole body, or null when it has more than <paramref name="max"/> bytes. Its memory is taken from what all
    /// doors share, until the request ends. A <see cref="BadHttpRequestException"/>: its chunks are no chunks
    /// (RFC 9112 §7.1); an <see cref="UnavailableException"/>: there is no memory for it now.
    /// </summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> Read(HttpRequest http, long max, CancellationToken cancel)
    {
        if (http.ContentLength > max) return null;
        var memory = BodyMemory.Of(http);
        // Of the length it says, so that a large one is copied once; one that says none grows by half.
        var body = GC.AllocateUninitializedArray<byte>(memory.Leave((int)(http.ContentLength ?? 4_096)));
        var length = 0;
        var isWhole = await Pass(http, max, part =>
        {
            if (length + part.Length > body.Length)
                Array.Resize(ref body, memory.Leave(
                    (int)Math.Min(max, Math.Max(length + part.Length, body.Length * 3L / 2))));
            part.Span.CopyTo(body.AsSpan(length));
            length += part.Length;
        }, cancel);
        return isWhole ? body.AsMemory(0, length) : null;
    }

    /// <summary>Passes a body on as it comes; false when it has more than <paramref name="max"/> bytes.</summary>
    public static async ValueTask<bool> Pass(
        HttpRequest http, long max, Action<ReadOnlyMemory<byte>> take, CancellationToken cancel)
    {
        var reader = http.BodyReader;
        for (var length = 0L; ;)
        {
            ReadResult read;
            try { read = await reader.ReadAsync(cancel); }
            // Kestrel says the one of a size no number holds, and the other of a client that is gone.
            catch (Exception e) when (e is IOException or OverflowException && e is not BadHttpRequestException)
            {
                throw new BadHttpRequestException("The body's chunks cannot be read.", e);
            }
            length += read.Buffer.Length;
            // Unread it would block the server from reading the rest away, and the client would see a broken
            // connection instead of the 413.
            if (length <= max)
                foreach (var part in read.Buffer) take(part);
            reader.AdvanceTo(read.Buffer.End);
            if (length > max) return false;
            if (read.IsCompleted) return true;
        }
    }
}

/// <summary>What a request has of the memory that all doors share; it goes back with the request.</summary>
internal sealed class BodyMemory : IDisposable
{
    private readonly MailMemory _memory;
    private long _buffer, _inFiles;

    private BodyMemory(MailMemory memory) => _memory = memory;

    public static BodyMemory Of(MailMemory memory) => new(memory);

    /// <summary>It is given back when the request ends.</summary>
    public static BodyMemory Of(HttpRequest http)
    {
        var memory = Of(http.HttpContext.RequestServices.GetRequiredService<MailMemory>());
        http.HttpContext.Response.RegisterForDispose(memory);
        return memory;
    }

    /// <summary>The size itself, when there is room for a buffer of so many bytes.</summary>
    /// <exception cref="UnavailableException">There is none now.</exception>
    public int Leave(int size)
    {
        var more = size <= Body.FreeBytes ? 0 : (long)size * Body.Weight - _buffer;
        if (more <= 0) return size;
        Ask(more);
        _buffer += more;
        return size;
    }

    /// <summary>Bytes that lie in a file, and count once.</summary>
    public void Take(long bytes)
    {
        Ask(bytes);
        _inFiles += bytes;
    }

    private void Ask(long bytes)
    {
        if (!_memory.TryTake(bytes, isClient: true))
            throw new UnavailableException(
                "As many large requests are being read as this server has memory for; nothing was promised.");
    }

    public void Dispose() => _memory.Return(_buffer + _inFiles);
}
