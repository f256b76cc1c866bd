using System.Text.Json.Serialization;
using AkkaMail.Server.Demo;

namespace AkkaMail.Server.Api.Operating;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ProjectionListResponse))]
[JsonSerializable(typeof(ProjectionResponse))]
[JsonSerializable(typeof(RebuildRequest))]
[JsonSerializable(typeof(CaughtMail[]))]
[JsonSerializable(typeof(TlsDayResponse))]
internal sealed partial class OperatingAnswers : JsonSerializerContext;
