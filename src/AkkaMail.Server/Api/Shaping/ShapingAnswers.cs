using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.Shaping;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShapingValid))]
[JsonSerializable(typeof(ShapingResponse))]
[JsonSerializable(typeof(SiteResponse))]
[JsonSerializable(typeof(SiteHistoryResponse))]
internal sealed partial class ShapingAnswers : JsonSerializerContext;
