using System.Text.Json.Serialization;
using AkkaMail.Server.Hygiene;

namespace AkkaMail.Server.Api.Hygiene;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HygieneLine))]
[JsonSerializable(typeof(HygieneFault))]
[JsonSerializable(typeof(HygieneEnd))]
internal sealed partial class HygieneAnswers : JsonSerializerContext;
