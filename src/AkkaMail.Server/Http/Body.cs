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
        var taken = new Taken(http.HttpContext.RequestServices.GetRequiredService<MailMemory>());
        http.HttpContext.Response.RegisterForDispose(taken);
        var reader = http.BodyReader;
        // Of the length it says, so that a large one is copied once; one that says none grows by half.
        var body = new byte[taken.Leave((int)(http.ContentLength ?? 4_096))];
        var length = 0;
        while (true)
        {
            ReadResult read;
            try { read = await reader.ReadAsync(cancel); }
            // Kestrel says the one of a size no number holds, and the other of a client that is gone.
            catch (Exception e) when (e is IOException or OverflowException && e is not BadHttpRequestException)
            {
                throw new BadHttpRequestException("The body's chunks cannot be read.", e);
            }
            var more = read.Buffer.Length;
            if (length + more > max)
            {
                // Unread it would block the server from reading the rest away, and the client would see a broken
                // connection instead of the 413.
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }
            if (length + more > body.Length)
                Array.Resize(ref body, taken.Leave((int)Math.Min(max, Math.Max(length + more, body.Length * 3L / 2))));
            foreach (var part in read.Buffer)
            {
                part.Span.CopyTo(body.AsSpan(length));
                length += part.Length;
            }
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return body.AsMemory(0, length);
        }
    }

    /// <summary>What a request has of the memory; it goes back with the request.</summary>
    private sealed class Taken(MailMemory memory) : IDisposable
    {
        private long _bytes;

        /// <summary>The size itself, when there is room for it.</summary>
        public int Leave(int size)
        {
            var more = size <= FreeBytes ? 0 : (long)size * Weight - _bytes;
            if (more <= 0) return size;
            if (!memory.TryTake(more, isClient: true))
                throw new UnavailableException(
                    "As many large requests are being read as this server has memory for; nothing was promised.");
            _bytes += more;
            return size;
        }

        public void Dispose() => memory.Return(_bytes);
    }
}
