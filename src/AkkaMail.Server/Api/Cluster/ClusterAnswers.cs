using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.Cluster;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterResponse))]
[JsonSerializable(typeof(ClusterOrderRequest))]
[JsonSerializable(typeof(MoveRequest))]
internal sealed partial class ClusterAnswers : JsonSerializerContext;
