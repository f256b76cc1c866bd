using System.Text.Json.Serialization;
using AkkaMail.Server.Api.Alerts;
using AkkaMail.Server.Api.Bounces;
using AkkaMail.Server.Api.Domains;
using AkkaMail.Server.Api.Engagement;
using AkkaMail.Server.Api.Lanes;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Api.Operating;
using AkkaMail.Server.Api.Shaping;
using AkkaMail.Server.Api.Suppression;
using AkkaMail.Server.Api.Tenants;
using AkkaMail.Server.Http;
using AkkaMail.Server.Hygiene;

namespace AkkaMail.Server.Api;

/// <summary>What the API writes, by source generation: no reflection on the way of a message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SendResponse))]
[JsonSerializable(typeof(MessageResponse))]
[JsonSerializable(typeof(MessageListResponse))]
[JsonSerializable(typeof(CancelResponse))]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(RebuildResponse))]
[JsonSerializable(typeof(CaughtMail[]))]
[JsonSerializable(typeof(ShapingValid))]
[JsonSerializable(typeof(ShapingResponse))]
[JsonSerializable(typeof(SiteResponse))]
[JsonSerializable(typeof(LaneListResponse))]
[JsonSerializable(typeof(SiteHistoryResponse))]
[JsonSerializable(typeof(LaneResponse))]
[JsonSerializable(typeof(LaneHistoryResponse))]
[JsonSerializable(typeof(TlsDayResponse))]
[JsonSerializable(typeof(AlertListResponse))]
[JsonSerializable(typeof(AlertHistoryResponse))]
[JsonSerializable(typeof(ReputationListResponse))]
[JsonSerializable(typeof(TenantResponse))]
[JsonSerializable(typeof(TenantListResponse))]
[JsonSerializable(typeof(KeyResponse))]
[JsonSerializable(typeof(KeyListResponse))]
[JsonSerializable(typeof(AuditResponse))]
[JsonSerializable(typeof(StreamResponse))]
[JsonSerializable(typeof(StreamListResponse))]
[JsonSerializable(typeof(UsageResponse))]
[JsonSerializable(typeof(SuppressionListResponse))]
[JsonSerializable(typeof(SuppressionResponse))]
[JsonSerializable(typeof(AddedResponse))]
[JsonSerializable(typeof(UndoResponse))]
[JsonSerializable(typeof(ImportResponse))]
[JsonSerializable(typeof(HygieneLine))]
[JsonSerializable(typeof(HygieneFault))]
[JsonSerializable(typeof(HygieneEnd))]
[JsonSerializable(typeof(ReadinessResponse))]
[JsonSerializable(typeof(ReportsResponse))]
[JsonSerializable(typeof(DmarcFiguresResponse))]
[JsonSerializable(typeof(TlsFiguresResponse))]
[JsonSerializable(typeof(BounceResponse))]
[JsonSerializable(typeof(ClassifiedReply[]))]
[JsonSerializable(typeof(ReturnedResponse))]
[JsonSerializable(typeof(EngagementResponse))]
[JsonSerializable(typeof(UnengagedListResponse))]
[JsonSerializable(typeof(ReturnedListResponse))]
[JsonSerializable(typeof(RereadResponse))]
[JsonSerializable(typeof(FeedbackLoopListResponse))]
[JsonSerializable(typeof(ComplaintListResponse))]
[JsonSerializable(typeof(DomainResponse))]
[JsonSerializable(typeof(DomainListResponse))]
internal sealed partial class ApiJson : JsonSerializerContext;
