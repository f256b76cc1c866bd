using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AkkaMail.Core.Mail;

namespace AkkaMail.Storage.Content;

/// <summary>
/// Content and envelope as stored bytes: a version, then JSON in UTF-8. A mail that is passed on has a version of its
/// own: a program that knows nothing of it has to say so, and not send an empty mail in its place.
/// </summary>
internal static class ContentCoding
{
    private const byte Version = 1;

    /// <summary>The length of the JSON (4 octets, little-endian), the JSON, and the mail as it is.</summary>
    private const byte RawVersion = 2;

    private const int RawHead = 1 + sizeof(int);

    // Relaxed: the bytes never reach a browser, and escaping would make a Cyrillic or Chinese mail thrice as long.
    private static readonly ContentJson Json = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
    });

    public static byte[] Encode(MailContent content) =>
        content.Raw is { } raw ? EncodeRaw(content, raw) : Encode(content, Json.MailContent);

    public static byte[] Encode(SubmissionEnvelope envelope) => Encode(envelope, Json.SubmissionEnvelope);

    public static MailContent DecodeContent(byte[] bytes) =>
        bytes is [RawVersion, ..] ? DecodeRaw(bytes) : Decode(bytes, Json.MailContent);

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
        return Read(bytes.AsSpan(1), type);
    }

    private static byte[] EncodeRaw(MailContent content, byte[] raw)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(content, Json.MailContent);
        var bytes = new byte[RawHead + json.Length + raw.Length];
        bytes[0] = RawVersion;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), json.Length);
        json.CopyTo(bytes.AsSpan(RawHead));
        raw.CopyTo(bytes.AsSpan(RawHead + json.Length));
        return bytes;
    }

    private static MailContent DecodeRaw(byte[] bytes)
    {
        var length = bytes.Length < RawHead ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1));
        if (length < 0 || length > bytes.Length - RawHead) throw new InvalidDataException("stored content is damaged");
        return Read(bytes.AsSpan(RawHead, length), Json.MailContent) with { Raw = bytes[(RawHead + length)..] };
    }

    private static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try { return JsonSerializer.Deserialize(json, type)!; }
        catch (JsonException e) { throw new InvalidDataException("stored content is damaged", e); }
    }
}

[JsonSerializable(typeof(MailContent))]
[JsonSerializable(typeof(SubmissionEnvelope))]
internal sealed partial class ContentJson : JsonSerializerContext;
