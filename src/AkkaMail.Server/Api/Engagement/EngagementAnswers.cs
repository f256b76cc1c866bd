using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.Engagement;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngagementResponse))]
[JsonSerializable(typeof(UnengagedListResponse))]
internal sealed partial class EngagementAnswers : JsonSerializerContext;
