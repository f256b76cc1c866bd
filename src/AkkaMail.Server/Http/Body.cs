using System.Buffers;
using System.IO.Pipelines;

namespace AkkaMail.Server.Http;

internal static class Body
{
    /// <summary>
    /// The whole body, or null when it has more than <paramref name="max"/> bytes. A
    /// <see cref="BadHttpRequestException"/>: its chunks are no chunks (RFC 9112 §7.1).
    /// </summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> Read(HttpRequest http, long max, CancellationToken cancel)
    {
        if (http.ContentLength > max) return null;
        var reader = http.BodyReader;
        while (true)
        {
            ReadResult read;
            try { read = await reader.ReadAsync(cancel); }
            // Kestrel says the one of a size no number holds, and the other of a client that is gone.
            catch (Exception e) when (e is IOException or OverflowException && e is not BadHttpRequestException)
            {
                throw new BadHttpRequestException("The body's chunks cannot be read.", e);
            }
            if (read.Buffer.Length > max)
            {
                // Unread it would block the server from reading the rest away, and the client would see a broken
                // connection instead of the 413.
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
