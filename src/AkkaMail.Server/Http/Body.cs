using System.Buffers;

namespace AkkaMail.Server.Http;

internal static class Body
{
    /// <summary>The whole body, or null when it has more than <paramref name="max"/> bytes.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> Read(HttpRequest http, long max, CancellationToken cancel)
    {
        if (http.ContentLength > max) return null;
        var reader = http.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
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
