using Microsoft.AspNetCore.Http.Features;

namespace AkkaMail.Server.Composition;

/// <summary>
/// HEAD is GET without the body, wherever GET is (RFC 9110 §9.3.2). To all that follows it is GET, to the key's scopes
/// as well; Kestrel knows what was asked.
/// </summary>
internal static class HeadAnswers
{
    public static async Task Answer(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }
        var (asked, aborted) = (context.Request.Method, context.RequestAborted);
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        context.Request.Method = HttpMethods.Get;
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new Unread(body, enough), body));
        context.RequestAborted = enough.Token;
        try { await next(context); }
        // Whatever comes of being stopped is no fault: the answer is out.
        catch (Exception) when (enough.IsCancellationRequested && !aborted.IsCancellationRequested) { }
        finally
        {
            context.Request.Method = asked;
            context.RequestAborted = aborted;
            context.Features.Set(body);
        }
    }

    /// <summary>
    /// Where the body goes. With its first octets the head stands, and whoever would go on, through an export of millions
    /// or a mail of 50 MB, is told that nobody waits for it.
    /// </summary>
    private sealed class Unread(IHttpResponseBodyFeature body, CancellationTokenSource enough) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty || enough.IsCancellationRequested) return;
            await body.StartAsync(CancellationToken.None);
            await enough.CancelAsync();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new InvalidOperationException("an answer is written without blocking a thread");

        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
