using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Http;

/// <summary>RFC 3339 §5.6 with its offset: a time without one would be read in the server's zone.</summary>
public sealed class TimeConverter : JsonConverter<DateTimeOffset?>
{
    public const string Problem = "must be a time as in RFC 3339 with its offset, e.g. 2026-05-01T12:00:00Z";

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Null) return null;
        if (reader.TokenType is JsonTokenType.String && Rfc3339.TryParse(reader.GetString(), out var time)) return time;
        throw InField.Problem("", Problem);
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) =>
        throw new NotSupportedException("requests are only read");
}
