using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AkkaMail.Core.Content;

namespace AkkaMail.Storage.Content;

/// <summary>Content and envelope as stored bytes: a version, then JSON in UTF-8.</summary>
internal static class ContentCoding
{
    private const byte Version = 1;

    // Relaxed: the bytes never reach a browser, and escaping would make a Cyrillic or Chinese mail thrice as long.
    private static readonly ContentJson Json = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
    });

    public static byte[] Encode(MailContent content) => Encode(content, Json.MailContent);
    public static byte[] Encode(SubmissionEnvelope envelope) => Encode(envelope, Json.SubmissionEnvelope);
    public static MailContent DecodeContent(byte[] bytes) => Decode(bytes, Json.MailContent);
    public static SubmissionEnvelope DecodeEnvelope(byte[] bytes) => Decode(bytes, Json.SubmissionEnvelope);

    private static byte[] Encode<T>(T value, JsonTypeInfo<T> type)
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(Version);
        JsonSerializer.Serialize(bytes, value, type);
        return bytes.ToArray();
    }

    private static T Decode<T>(byte[] bytes, JsonTypeInfo<T> type)
    {
        if (bytes is not [Version, ..])
            throw new InvalidDataException($"stored content of unknown version {(bytes is [var v, ..] ? v : -1)}");
        try { return JsonSerializer.Deserialize(bytes.AsSpan(1), type)!; }
        catch (JsonException e) { throw new InvalidDataException("stored content is damaged", e); }
    }
}

[JsonSerializable(typeof(MailContent))]
[JsonSerializable(typeof(SubmissionEnvelope))]
internal sealed partial class ContentJson : JsonSerializerContext;
