using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// A text where it stands in a body. Who sends a mail often sends all that is known of somebody, and the mail says little
/// of it: a text that nobody asks for is never made.
/// </summary>
/// <param name="At">Of its first octet, behind the quotation mark; 0: it is null.</param>
/// <param name="Length">Octets as it is written.</param>
/// <param name="Octets">In UTF-8, once its escapes are read: each of them is longer than what it means.</param>
[JsonConverter(typeof(BodyTextConverter))]
public readonly record struct BodyText(int At, int Length, int Octets)
{
    public bool IsNull => At == 0;

    public string Of(ReadOnlySpan<byte> body)
    {
        if (Octets == Length) return Encoding.UTF8.GetString(body.Slice(At, Length));
        var reader = new Utf8JsonReader(body.Slice(At - 1, Length + 2));
        reader.Read();
        return reader.GetString()!;
    }
}

public sealed class BodyTextConverter : JsonConverter<BodyText>
{
    public override bool HandleNull => true;

    public override BodyText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return default;
        if (reader.TokenType != JsonTokenType.String) throw InField.Problem("", "must be text");
        var written = reader.ValueSpan.Length;
        return new(checked((int)reader.TokenStartIndex + 1), written,
            reader.ValueIsEscaped ? Encoding.UTF8.GetByteCount(reader.GetString()!) : written);
    }

    public override void Write(Utf8JsonWriter writer, BodyText value, JsonSerializerOptions options) =>
        throw new NotSupportedException("requests are only read");
}
