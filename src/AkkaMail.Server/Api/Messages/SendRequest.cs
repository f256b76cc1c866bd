using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// A mail, or one for each of its <c>personalizations</c>. It has a <c>from</c>, recipients, and a <c>text</c> or an
/// <c>html</c>.
/// </summary>
public sealed record SendRequest
{
    /// <summary>Who the mail is from. The domain of the address must be verified for the tenant.</summary>
    [Required]
    public SendAddress? From { get; init; }

    /// <summary>
    /// Recipients, shown in the mail. With <c>cc</c> and <c>bcc</c> up to 1,000, at least one; each is a message of its
    /// own. One alone needs no list.
    /// </summary>
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? To { get; init; }

    /// <summary>Recipients of a copy, shown in the mail.</summary>
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? Cc { get; init; }

    /// <summary>Recipients that nobody else sees.</summary>
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? Bcc { get; init; }

    /// <summary>Where answers go. Left out, they go to <c>from</c>. One alone needs no list.</summary>
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? ReplyTo { get; init; }

    /// <summary>Up to 998 bytes of UTF-8, as it is written and as it is filled.</summary>
    public string? Subject { get; init; }

    /// <summary>
    /// The mail as plain text. Left out beside an <c>html</c> of up to 1 MiB, it is made from that; <c>false</c>: there
    /// is none.
    /// </summary>
    public SendText? Text { get; init; }

    /// <summary>The mail as HTML. With both, the reader's program chooses.</summary>
    public string? Html { get; init; }

    /// <summary>
    /// Further headers by their names. Those that say who, what and when are written by the engine, and are refused
    /// here.
    /// </summary>
    public Dictionary<string, string?>? Headers { get; init; }

    /// <summary>Files that go with the mail.</summary>
    public SendAttachment?[]? Attachments { get; init; }

    /// <summary>
    /// The stream it goes in: <c>transactional</c> (left out), <c>broadcast</c>, or one of the tenant's own.
    /// </summary>
    public string? Stream { get; init; }

    /// <summary>Words to find the mail by, up to 64 characters each.</summary>
    public string?[]? Tags { get; init; }

    /// <summary>
    /// Facts of your own, which come back with the message and are not in the mail. Up to 1,024 bytes, name and value.
    /// </summary>
    public Dictionary<string, string?>? Metadata { get; init; }

    /// <summary>Refused: this version has no templates.</summary>
    public string? Template { get; init; }

    /// <summary>What stands for <c>{{name}}</c> in subject, text and HTML. Up to 256 KiB of names and values.</summary>
    public Dictionary<string, SendValue>? Variables { get; init; }

    /// <summary>Not before this time, up to 30 days ahead. Left out, or up to a minute in the past: now.</summary>
    [JsonConverter(typeof(TimeConverter))] public DateTimeOffset? SendAt { get; init; }

    /// <summary>
    /// When to give up, from 1 minute to 7 days after <c>send_at</c> or acceptance. Left out: after 72 hours.
    /// </summary>
    [JsonConverter(typeof(TimeConverter))] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Refused unless all of it is <c>false</c>: this version tracks nothing.</summary>
    public SendTracking? Track { get; init; }

    /// <summary>
    /// Mails of their own in place of <c>to</c>, <c>cc</c> and <c>bcc</c>. No recipient sees another's.
    /// </summary>
    public SendPersonalization?[]? Personalizations { get; init; }
}

/// <summary>Text, or <c>false</c>: the mail has none, and none is made of its HTML.</summary>
[JsonConverter(typeof(SendTextConverter))]
[SendTextSchema]
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
    /// <summary>As <c>to</c> of the call, and in its place.</summary>
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? To { get; init; }

    /// <summary>As <c>cc</c> of the call, and in its place.</summary>
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? Cc { get; init; }

    /// <summary>As <c>bcc</c> of the call, and in its place.</summary>
    [JsonConverter(typeof(AddressListConverter))] public SendAddress[]? Bcc { get; init; }

    /// <summary>In place of the call's <c>subject</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>Beside the call's; of two with the same name this one holds.</summary>
    public Dictionary<string, SendValue>? Variables { get; init; }

    /// <summary>Beside the call's; of two with the same name this one holds.</summary>
    public Dictionary<string, string?>? Metadata { get; init; }

    /// <summary>Beside the call's; of two with the same name this one holds.</summary>
    public Dictionary<string, string?>? Headers { get; init; }
}

/// <summary>A file that goes with the mail.</summary>
public sealed record SendAttachment
{
    /// <summary>What it is called, up to 255 bytes. No path.</summary>
    [Required]
    public string? Filename { get; init; }

    /// <summary>The file, in base64.</summary>
    [Required]
    public byte[]? Content { get; init; }

    /// <summary>What it is: where the body was large, not what stands in <see cref="Content"/>.</summary>
    [JsonIgnore]
    public Octets? Octets
    {
        get => field ?? (Content is null ? null : Octets.Of(Content));
        init;
    }

    /// <summary>
    /// Its media type, <c>application/octet-stream</c> when it is left out. <c>text/calendar; method=REQUEST</c> is an
    /// invitation, and stands beside text and HTML.
    /// </summary>
    public string? ContentType { get; init; }

    /// <summary>HTML shows it as <c>cid:</c> and this. Left out: it is listed as a file.</summary>
    public string? ContentId { get; init; }
}

/// <summary>What to count of what recipients do. Nothing yet.</summary>
public sealed record SendTracking
{
    /// <summary>Must be <c>false</c>, or left out.</summary>
    public bool? Opens { get; init; }

    /// <summary>Must be <c>false</c>, or left out.</summary>
    public bool? Clicks { get; init; }
}

/// <summary>
/// An address: <c>"Ann Lee &lt;ann@example.net&gt;"</c>, <c>"ann@example.net"</c>, or an object. The address has up to
/// 254 characters, the name up to 320.
/// </summary>
// Of a text the name is null, and the text is yet to be read; of an object it is there, perhaps empty.
[JsonConverter(typeof(AddressConverter))]
[SendAddressSchema]
public sealed record SendAddress(string Email, string? Name = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SendRequest))]
public sealed partial class SendJson : JsonSerializerContext;
