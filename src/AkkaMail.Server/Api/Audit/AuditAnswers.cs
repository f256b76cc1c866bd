using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.Audit;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditResponse))]
internal sealed partial class AuditAnswers : JsonSerializerContext;
