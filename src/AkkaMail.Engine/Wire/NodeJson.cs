using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Wire;

/// <summary>JSON for what has no shape of its own there: letters in envelopes, events, counts, reactions.</summary>
internal static class NodeJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new Letter<ToLedger>(m => m.Message, (head, message) => new(head.Partition, message), m => new(m.Partition, null)),
            new Letter<ToGovernor>(m => m.Message, (head, message) => new(head.Limit!, message), m => new(0, m.Limit)),
            new EventAsKept(),
            new Limit(),
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

    /// <summary>To whom a letter goes: one of the two.</summary>
    internal readonly record struct Head(int Partition, LimitKey? Limit);

    private sealed class Letter<T>(Func<T, object> body, Func<Head, object, T> make, Func<T, Head> head) : JsonConverter<T>
    {
        private sealed record Form(Head To, string Manifest, JsonElement Body);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var form = JsonSerializer.Deserialize<Form>(ref reader, options)!;
            return make(form.To, form.Body.Deserialize(NodeMessageSerializer.TypeOf(form.Manifest), options)!);
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            var content = body(value);
            JsonSerializer.Serialize(writer, new Form(head(value), NodeMessageSerializer.ManifestOf(content),
                JsonSerializer.SerializeToElement(content, content.GetType(), options)), options);
        }
    }

    /// <summary>An event has one form, the journal's.</summary>
    private sealed class EventAsKept : JsonConverter<ILedgerEvent>
    {
        private sealed record Form(string Manifest, byte[] Bytes);

        public override ILedgerEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var form = JsonSerializer.Deserialize<Form>(ref reader, options)!;
            return (ILedgerEvent)AkkaMailSerializer.Decode(form.Manifest, form.Bytes);
        }

        public override void Write(Utf8JsonWriter writer, ILedgerEvent value, JsonSerializerOptions options)
        {
            var (manifest, bytes) = AkkaMailSerializer.Encode(value);
            JsonSerializer.Serialize(writer, new Form(manifest, bytes), options);
        }
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
