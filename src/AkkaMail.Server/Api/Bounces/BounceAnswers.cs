using System.Text.Json.Serialization;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>What this room answers with, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BounceResponse))]
[JsonSerializable(typeof(ClassifiedReply[]))]
[JsonSerializable(typeof(ReturnedResponse))]
[JsonSerializable(typeof(ReturnedListResponse))]
[JsonSerializable(typeof(RereadResponse))]
[JsonSerializable(typeof(FeedbackLoopListResponse))]
[JsonSerializable(typeof(ComplaintListResponse))]
internal sealed partial class BounceAnswers : JsonSerializerContext;
