using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Messages;

/// <summary>An address is <c>"A &lt;a@b.c&gt;"</c> or <c>{"email": "a@b.c", "name": "A"}</c>.</summary>
public sealed class AddressConverter : JsonConverter<SendAddress>
{
    public override SendAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, "");

    /// <summary><paramref name="at"/> is where the address stands in its list, for the error's path.</summary>
    internal static SendAddress Read(ref Utf8JsonReader reader, string at)
    {
        if (reader.TokenType is JsonTokenType.String) return new(reader.GetString()!);
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw InField.Problem(at, "must be an address: text, or an object with email and name");
        string? email = null, name = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var property = reader.GetString()!;
            if (property is not ("email" or "name")) throw InField.Problem($"{at}.{property}", "is not a known field");
            if ((property == "email" ? email : name) is not null)
                throw InField.Problem($"{at}.{property}", "is given twice");
            reader.Read();
            var value = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Null => null,
                _ => throw InField.Problem($"{at}.{property}", "must be text"),
            };
            if (property == "email") email = value;
            else name = value;
        }
        return new(email ?? throw InField.Problem($"{at}.email", "is missing"), name ?? "");
    }

    public override void Write(Utf8JsonWriter writer, SendAddress value, JsonSerializerOptions options) =>
        throw new NotSupportedException("requests are only read");
}

/// <summary>A list of addresses; one alone needs no brackets.</summary>
public sealed class AddressListConverter : JsonConverter<SendAddress[]>
{
    public override SendAddress[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartArray) return [AddressConverter.Read(ref reader, "")];
        var addresses = new List<SendAddress>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            addresses.Add(AddressConverter.Read(ref reader, $"[{addresses.Count}]"));
        return [.. addresses];
    }

    public override void Write(Utf8JsonWriter writer, SendAddress[] value, JsonSerializerOptions options) =>
        throw new NotSupportedException("requests are only read");
}
