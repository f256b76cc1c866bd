using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Wire;

/// <summary>JSON for what has no shape of its own there, or a longer one than need be: ids, counts, reactions.</summary>
internal static class NodeJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,   // They follow from the others: a reply's line is its text once more.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // No browser reads it, and Cyrillic takes 2 bytes, not 6.
        Converters =
        {
            new Limit(),
            new Message(),
            new Submission(),
            new Counts(),
            new ReactionAsKept(),
            new Network(),
        },
    };

    private sealed class Limit : JsonConverter<LimitKey>
    {
        public override LimitKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            LimitKey.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, LimitKey value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class Network : JsonConverter<IPNetwork>
    {
        public override IPNetwork Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            IPNetwork.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, IPNetwork value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class Message : JsonConverter<MessageId>
    {
        public override MessageId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            MessageId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("it is no message");

        public override void Write(Utf8JsonWriter writer, MessageId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class Submission : JsonConverter<SubmissionId>
    {
        public override SubmissionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            SubmissionId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("it is no submission");

        public override void Write(Utf8JsonWriter writer, SubmissionId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class Counts : JsonConverter<OutcomeCounts>
    {
        public override OutcomeCounts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new([.. JsonSerializer.Deserialize<int[]>(ref reader, options)!]);

        public override void Write(Utf8JsonWriter writer, OutcomeCounts value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Numbers.AsEnumerable(), options);
    }

    private sealed class ReactionAsKept : JsonConverter<Reaction>
    {
        public override Reaction Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ReactionWire.Parser.ParseFrom(reader.GetBytesFromBase64()).ToReaction();

        public override void Write(Utf8JsonWriter writer, Reaction value, JsonSerializerOptions options) =>
            writer.WriteBase64StringValue(Google.Protobuf.MessageExtensions.ToByteArray(value.ToWire()));

        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(Reaction));
    }
}
