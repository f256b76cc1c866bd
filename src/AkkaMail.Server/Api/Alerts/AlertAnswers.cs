using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.Alerts;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertListResponse))]
[JsonSerializable(typeof(AlertHistoryResponse))]
[JsonSerializable(typeof(ReputationListResponse))]
internal sealed partial class AlertAnswers : JsonSerializerContext;
