using System.Text.Json.Serialization;
using AkkaMail.Server.Suppression;

namespace AkkaMail.Server.Api.Suppression;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SuppressionListResponse))]
[JsonSerializable(typeof(SuppressionResponse))]
[JsonSerializable(typeof(AddedResponse))]
[JsonSerializable(typeof(UndoResponse))]
[JsonSerializable(typeof(ImportResponse))]
internal sealed partial class SuppressionAnswers : JsonSerializerContext;
