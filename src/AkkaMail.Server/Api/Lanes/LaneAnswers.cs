using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LaneListResponse))]
[JsonSerializable(typeof(LaneResponse))]
[JsonSerializable(typeof(LaneHistoryResponse))]
internal sealed partial class LaneAnswers : JsonSerializerContext;
