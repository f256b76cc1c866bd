using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.Domains;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReadinessResponse))]
[JsonSerializable(typeof(ReportsResponse))]
[JsonSerializable(typeof(DmarcFiguresResponse))]
[JsonSerializable(typeof(TlsFiguresResponse))]
[JsonSerializable(typeof(DomainResponse))]
[JsonSerializable(typeof(DomainListResponse))]
internal sealed partial class DomainAnswers : JsonSerializerContext;
