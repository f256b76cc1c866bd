using System.Buffers;
using System.Text;
using System.Text.Json;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Access;

namespace AkkaMail.Server.Http.Masking;

/// <summary>
/// What leaves for a key with the scope <c>observe</c> has no address in it, whichever endpoint made it: JSON is masked
/// text by text, CSV and the like line by line. Masking in each answer was refused: the next one would be forgotten.
/// </summary>
internal static class MaskedAnswers
{
    public static void UseMaskedAnswers(this IApplicationBuilder app) => app.Use((context, next) =>
        context.Features.Get<Caller>() is { IsObserver: true }
            && context.GetEndpoint()?.Metadata.GetMetadata<Observed>() is not { How: Observing.AsItIs }
            ? Mask(context, next) : next(context));

    private static async Task Mask(HttpContext context, RequestDelegate next)
    {
        var to = context.Response.Body;
        var masking = new MaskingStream(to, context.Response);
        context.Response.Body = masking;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            await masking.Finish(context.RequestAborted);
        }
        finally { context.Response.Body = to; }
    }

    /// <summary>The same JSON, with the addresses in its texts and names masked.</summary>
    public static ReadOnlyMemory<byte> Json(ReadOnlySpan<byte> utf8)
    {
        var to = new ArrayBufferWriter<byte>(Math.Max(256, utf8.Length));
        using (var writer = new Utf8JsonWriter(to, Answers.WriterOptions))
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read())
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName: writer.WritePropertyName(Text(ref reader)); break;
                    case JsonTokenType.String: writer.WriteStringValue(Text(ref reader)); break;
                    case JsonTokenType.StartObject: writer.WriteStartObject(); break;
                    case JsonTokenType.EndObject: writer.WriteEndObject(); break;
                    case JsonTokenType.StartArray: writer.WriteStartArray(); break;
                    case JsonTokenType.EndArray: writer.WriteEndArray(); break;
                    default: writer.WriteRawValue(reader.ValueSpan); break;   // Numbers, true, false, null.
                }
        }
        return to.WrittenMemory;
    }

    private static string Text(ref Utf8JsonReader reader) => MaskedAddresses.In(reader.GetString()!);

    /// <summary>Keeps JSON until it is whole, and of text the line that has not ended.</summary>
    private sealed class MaskingStream(Stream to, HttpResponse response) : Stream
    {
        private readonly MemoryStream _kept = new();

        private string Type => response.ContentType ?? "";
        private bool IsJson => Type.Contains("json", StringComparison.Ordinal);
        private bool IsText => Type.StartsWith("text/", StringComparison.Ordinal);

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (!IsText || IsJson) return;
            var end = _kept.GetBuffer().AsSpan(0, (int)_kept.Length).LastIndexOf((byte)'\n') + 1;
            if (end > 0) await SendText(end, cancellationToken);
        }

        public async Task Finish(CancellationToken cancel)
        {
            if (_kept.Length == 0) return;
            if (!IsJson && !IsText)
                throw new InvalidOperationException(
                    $"Nobody knows how to mask '{Type}': its endpoint must say what is observed.");
            if (IsText && !IsJson)
            {
                await SendText((int)_kept.Length, cancel);
                return;
            }
            var masked = Json(_kept.GetBuffer().AsSpan(0, (int)_kept.Length));
            response.ContentLength = masked.Length;
            await to.WriteAsync(masked, cancel);
        }

        /// <summary>The first <paramref name="count"/> bytes of what is kept; the rest moves up.</summary>
        private async Task SendText(int count, CancellationToken cancel)
        {
            if (!response.HasStarted) response.ContentLength = null;
            var text = MaskedAddresses.In(Encoding.UTF8.GetString(_kept.GetBuffer(), 0, count));
            var rest = _kept.GetBuffer().AsSpan(count, (int)_kept.Length - count).ToArray();
            _kept.SetLength(0);
            _kept.Write(rest);
            await to.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
            await to.FlushAsync(cancel);
        }

        public override void Write(byte[] buffer, int offset, int count) => _kept.Write(buffer, offset, count);
        public override void Write(ReadOnlySpan<byte> buffer) => _kept.Write(buffer);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _kept.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Flush() { }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
