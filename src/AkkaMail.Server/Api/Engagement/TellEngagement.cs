using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Story;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Inbound;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Rules;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Engagement;

/// <summary>
/// A sign of life: of a <c>message</c> (opened, clicked, answered) or of an <c>address</c> (bought, signed in). One of
/// the two.
/// </summary>
/// <param name="Message">The id of a message of the tenant's.</param>
/// <param name="Address">An address.</param>
/// <param name="At">When it was. Left out: now. Up to 400 days ago.</param>
public sealed record EngagementEvent(
    string? Message, string? Address, [property: JsonConverter(typeof(TimeConverter))] DateTimeOffset? At);

/// <summary>Signs of life, all taken or none.</summary>
/// <param name="Events">1 to 1,000.</param>
public sealed record EngagementRequest(
    [Required] EngagementEvent?[]? Events);

/// <summary>How many signs of life were taken.</summary>
/// <param name="Noted">How many.</param>
public sealed record EngagementResponse(int Noted);

/// <summary><c>POST /v1/engagement</c>: the tenant's own records of who reads its mail.</summary>
internal static class TellEngagement
{
    public const int EventsMax = 1_000;
    private const int BodyBytesMax = 1024 * 1024;
    private static readonly BodyBounds Bounds = new(("events", BodyBound.MoreThan(EventsMax)));

    /// <summary>As long as figures are kept.</summary>
    private static readonly TimeSpan OldestAge = TimeSpan.FromDays(RetentionOptions.FiguresKeptDays);

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    public static void MapEngagement(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/engagement", Tell).Needs(Scopes.Send).WithName("TellEngagement")
            .WithSummary("Say which recipients have shown life")
            .WithDescription($"Up to {EventsMax} events, all or none; each names a message or an address. It is what the "
                + "list of never engaging addresses and the lanes' reputation go by.")
            .Accepts<EngagementRequest>("application/json").Produces<EngagementResponse>().Refuses(400, 413, 415, 422)
            .WithMetadata(Bounds);

    private sealed record Read(Engaged Engaged, LaneKey? Lane);

    private static async Task<IResult> Tell(
        HttpRequest http, Caller caller, MessageGenerations read, EngagementStore store, Suppressions suppressions,
        ShapingFile shaping, LaneFeedback lanes, TimeProvider time, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(
            http, EngagementJson.Default.EngagementRequest, BodyBytesMax, cancel, Bounds);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        if (request!.Events is null or []) errors.Add("events", "has no event");
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        var (now, all) = (time.GetUtcNow(), new List<Read>(request.Events!.Length));
        for (var i = 0; i < request.Events.Length; i++)
        {
            var (path, at) = ($"events[{i}]", request.Events[i]?.At ?? now);
            if (at > now + Ahead) errors.Add($"{path}.at", "is in the future");
            if (at < now - OldestAge) errors.Add($"{path}.at", $"is over {OldestAge.TotalDays} days ago");
            var one = request.Events[i] switch
            {
                { Message: { } id, Address: null } => await OfMessage(id, at, caller, read, shaping, cancel),
                { Address: { } address, Message: null } => OfAddress(address, at, caller, suppressions),
                _ => null,
            };
            if (one is not null) all.Add(one);
            else if (request.Events[i] is { Message: not null, Address: null })
                errors.Add($"{path}.message", "is not one of the tenant's messages");
            else if (request.Events[i] is { Address: not null, Message: null }) errors.Add($"{path}.address", "is not an address");
            else errors.Add(path, "needs a message or an address, and not both");
        }
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        // A message counts once for its lane, however often it is told: others share the lane.
        var news = await store.Note([.. all.Select(r => r.Engaged)], cancel);
        foreach (var lane in all.Where(r => r.Lane is not null && news.Remove(r.Engaged.Message!.Value))
            .GroupBy(r => r.Lane!.Value))
            lanes.Engaged(lane.Key, lane.Count());
        return Answers.Json(new EngagementResponse(all.Count), EngagementAnswers.Default.EngagementResponse);
    }

    private static Read? OfAddress(string address, DateTimeOffset at, Caller caller, Suppressions suppressions) =>
        Mailbox.TryParse(address, out var mailbox, out _)
            ? new(new(caller.ActsFor, suppressions.OfAddress(mailbox), at), null) : null;

    private static async Task<Read?> OfMessage(
        string text, DateTimeOffset at, Caller caller, MessageGenerations read, ShapingFile shaping, CancellationToken cancel)
    {
        if (!MessageId.TryParse(text, out var id) || await read.Current.FindRecipient(id, cancel) is not { } recipient
            || !caller.Sees(recipient.Tenant)) return null;
        var story = await read.Current.Find(id, cancel);
        return new(new(recipient.Tenant, recipient.Address, at, id),
            story is { Message.Status: MessageStatus.Delivered } && LaneOf.Delivery(story, shaping.Current) is { } lane
                ? lane : null);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EngagementRequest))]
internal sealed partial class EngagementJson : JsonSerializerContext;
