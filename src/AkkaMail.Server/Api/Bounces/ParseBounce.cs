using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using AkkaMail.Smtp.Inbound;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>What a mail says of each recipient. One that is no report has one result of kind <c>other</c>.</summary>
public sealed record BounceResponse(IReadOnlyList<RecipientResult> Results, string Version);

/// <summary>
/// <paramref name="Hard"/> is true when the address should get no mail any more; <paramref name="Reply"/> are the
/// receiver's own words.
/// </summary>
public sealed record RecipientResult(
    string Recipient, string Kind, string? Reason, bool Hard, string? Bounce, string? Category, string? Fault,
    string? Status, string Reply, string? FeedbackType, string? Rule);

/// <summary><c>POST /v1/bounces/parse</c>: the body is a mail as it came to the return path.</summary>
internal static class ParseBounce
{
    public static void MapParseBounce(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/bounces/parse", Parse).Needs(Scopes.Read).WithName("ParseBounce")
            .WithSummary("What a bounce, notice, complaint or auto-reply says of whom")
            .WithDescription("The body is the mail. Nothing is stored or suppressed.")
            .Accepts<string>("message/rfc822", "*/*")   // What curl says of a file is of no interest.
            .Produces<BounceResponse>().Refuses(413, 422);

    private static async Task<IResult> Parse(
        HttpRequest http, BouncesFile file, IOptions<AkkaMailOptions> options, CancellationToken cancel)
    {
        if (await Body.Read(http, options.Value.BodyBytesMax, cancel) is not { } body)
            return Problem.Of(413, "The mail is too large", $"A mail may have {options.Value.BodyBytesMax} bytes.");
        if (body.IsEmpty) return Problem.Field("$", "is empty: the body is the mail");
        var rules = file.Current;
        List<RecipientResult> results = [.. BounceMails.Parse(BounceMailReader.Read(body), rules).Select(Of)];
        if (results.Count == 0)
            results.Add(new("", BounceKind.Other.ToWord(), null, false, null, null, null, null, "", null, null));
        return TypedResults.Json(new BounceResponse(results, rules.Version), ApiJson.Default.BounceResponse);
    }

    private static RecipientResult Of(BounceResult result) => new(
        result.Recipient, result.Kind.ToWord(), result.Verdict?.Reason.ToWord(),
        result.Verdict?.Permanence == Permanence.Hard, result.Verdict?.Permanence.ToWord(),
        result.Verdict?.Category.ToWord(), result.Verdict?.Fault.ToWord(), result.Status?.ToString(), result.Reply,
        result.FeedbackType, result.Verdict?.Rule);
}
