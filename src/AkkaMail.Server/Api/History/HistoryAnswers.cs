using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.History;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RulesListResponse))]
[JsonSerializable(typeof(RulesResponse))]
[JsonSerializable(typeof(ClusterHistoryResponse))]
internal sealed partial class HistoryAnswers : JsonSerializerContext;
