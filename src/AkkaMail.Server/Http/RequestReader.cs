using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
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

    public static BodyRead<T> Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        if (body.StartsWith(ByteOrderMark)) body = body[3..];
        // The grammar first, by itself: only so is "no JSON" (400) told apart from "JSON, but wrong" (422) for certain.
        if (Malformed<T>(body) is { } malformed) return malformed;
        try
        {
            return JsonSerializer.Deserialize(body, type) is { } value
                ? new BodyRead<T>.Done(value)
                : new BodyRead<T>.Invalid(new("$", "must be an object"));
        }
        catch (JsonException e) { return new BodyRead<T>.Invalid(InField.ToError(e, type)); }
    }

    /// <summary>Without the place, which it says in its own way.</summary>
    private static string Cause(JsonException e) =>
        e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? e.Message[..end] : e.Message;

    private static BodyRead<T>.Malformed? Malformed<T>(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body)) return new("The body is not UTF-8.", 1, 1);
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
                // RFC 8259 §8.2: half a surrogate pair, escaped, is text that no UTF-8 can hold.
                if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
                    _ = reader.GetString();
            return null;
        }
        catch (JsonException e)
        {
            var (line, position) = (e.LineNumber.GetValueOrDefault() + 1, e.BytePositionInLine.GetValueOrDefault() + 1);
            return new(string.Create(
                CultureInfo.InvariantCulture, $"Line {line}, byte {position}: {Cause(e)}"), line, position);
        }
        catch (InvalidOperationException)
        {
            return new("The body has an escape (\\u) that is half a character.", 1, 1);
        }
    }
}
