using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Http;

/// <summary>
/// How reading a body ended: a value, text that is no JSON (400), or JSON that is no such request (422).
/// </summary>
public abstract record BodyRead<T>
{
    public sealed record Done(T Value) : BodyRead<T>;

    /// <summary><paramref name="Line"/> and <paramref name="Position"/> (bytes into the line) count from 1.</summary>
    public sealed record Malformed(string Message, long Line, long Position) : BodyRead<T>;

    public sealed record Invalid(FieldError Error) : BodyRead<T>;
}

/// <summary>Reads a request's body; whatever the bytes are, the answer is a value.</summary>
public static class RequestReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Without the byte order mark that some programs write (RFC 8259 §8.1 lets a reader pass over it).</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;

    /// <param name="bounds">Of its lists and maps: what has more entries is counted and never built.</param>
    public static BodyRead<T> Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type, BodyBounds? bounds = null) =>
        Read(body, type, bounds, gaps: null);

    /// <param name="gaps">What was taken out of the body before, so that a place is told as it was sent.</param>
    internal static BodyRead<T> Read<T>(
        ReadOnlySpan<byte> body, JsonTypeInfo<T> type, BodyBounds? bounds, IReadOnlyList<BodyGap>? gaps)
    {
        if (body.StartsWith(ByteOrderMark)) body = body[3..];
        // The grammar first, by itself: only so is "no JSON" (400) told apart from "JSON, but wrong" (422) for certain.
        var grammar = new BodyGrammar(body, bounds ?? BodyBounds.None, gaps);
        grammar.Read();
        if (grammar.Fault is var (message, line, position)) return new BodyRead<T>.Malformed(message, line, position);
        if (grammar.Excess is { } excess) return new BodyRead<T>.Invalid(excess);
        try
        {
            return JsonSerializer.Deserialize(body, type) is { } value
                ? new BodyRead<T>.Done(value)
                : new BodyRead<T>.Invalid(new("$", "must be an object"));
        }
        catch (JsonException e) { return new BodyRead<T>.Invalid(InField.ToError(e, type)); }
    }
}
