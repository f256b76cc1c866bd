using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// The body of <c>POST /v1/messages</c> as it came: any field may be missing or wrong, see SendValidation.
/// </summary>
public sealed record SendRequest
{
    public SendAddress? From { get; init; }
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? To { get; init; }
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? Cc { get; init; }
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? Bcc { get; init; }
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? ReplyTo { get; init; }
    public string? Subject { get; init; }
    public SendText? Text { get; init; }
    public string? Html { get; init; }
    public Dictionary<string, string?>? Headers { get; init; }
    public SendAttachment?[]? Attachments { get; init; }
    public string? Stream { get; init; }
    public string?[]? Tags { get; init; }
    public Dictionary<string, string?>? Metadata { get; init; }
    public string? Template { get; init; }
    public Dictionary<string, BodyText>? Variables { get; init; }
    [JsonConverter(typeof(TimeConverter))] public DateTimeOffset? SendAt { get; init; }
    [JsonConverter(typeof(TimeConverter))] public DateTimeOffset? ExpiresAt { get; init; }
    public SendTracking? Track { get; init; }
    public SendPersonalization?[]? Personalizations { get; init; }
}

/// <summary>The text, or <c>false</c>: none, and none is made of the HTML.</summary>
[JsonConverter(typeof(SendTextConverter))]
public sealed record SendText(string? Value)
{
    public static implicit operator SendText(string text) => new(text);
}

public sealed class SendTextConverter : JsonConverter<SendText>
{
    public override SendText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => new(reader.GetString()),
            JsonTokenType.False => new((string?)null),
            _ => throw InField.Problem("", "must be text, or false for none"),
        };

    public override void Write(Utf8JsonWriter writer, SendText value, JsonSerializerOptions options) =>
        throw new NotSupportedException("requests are only read");
}

/// <summary>A mail of its own: its recipients, and what differs in it.</summary>
public sealed record SendPersonalization
{
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? To { get; init; }
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? Cc { get; init; }
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? Bcc { get; init; }
    public string? Subject { get; init; }
    public Dictionary<string, BodyText>? Variables { get; init; }
    public Dictionary<string, string?>? Metadata { get; init; }
    public Dictionary<string, string?>? Headers { get; init; }
}

/// <summary>A file; <c>content</c> is base64.</summary>
public sealed record SendAttachment
{
    public string? Filename { get; init; }
    public byte[]? Content { get; init; }

    /// <summary>What it is: where the body was large, not what stands in <see cref="Content"/>.</summary>
    [JsonIgnore]
    public Octets? Octets
    {
        get => field ?? (Content is null ? null : Octets.Of(Content));
        init;
    }

    public string? ContentType { get; init; }
    public string? ContentId { get; init; }
}

public sealed record SendTracking
{
    public bool? Opens { get; init; }
    public bool? Clicks { get; init; }
}

/// <summary>
/// Written <c>"A &lt;a@b.c&gt;"</c> (then <paramref name="Name"/> is null, and the text is yet to be read) or
/// <c>{email, name}</c> (then the name is there, perhaps empty).
/// </summary>
[JsonConverter(typeof(AddressConverter))]
public sealed record SendAddress(string Email, string? Name = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SendRequest))]
public sealed partial class SendJson : JsonSerializerContext;
