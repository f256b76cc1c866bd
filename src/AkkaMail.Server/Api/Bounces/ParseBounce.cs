using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Rules;
using AkkaMail.Smtp.Inbound;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>What a mail says of each recipient.</summary>
/// <param name="Results">One for each recipient. A mail that is no report has one, of the kind <c>other</c>.</param>
/// <param name="Version">The version of the bounce rules.</param>
public sealed record BounceResponse(IReadOnlyList<RecipientResult> Results, string Version);

/// <summary>What a mail says of one recipient.</summary>
public sealed record RecipientResult
{
    /// <summary>The address, as the mail has it. Empty: it names none.</summary>
    public required string Recipient { get; init; }

    /// <summary>What it is.</summary>
    [WordsOf<BounceKind>]
    public required string Kind { get; init; }

    /// <summary>Why. Absent: it is no bounce.</summary>
    [WordsOf<BounceReason>]
    public required string? Reason { get; init; }

    /// <summary>Whether the address should get no mail any more.</summary>
    public required bool Hard { get; init; }

    /// <summary><c>hard</c>, <c>soft</c> or <c>transient</c>. Absent: it is no bounce.</summary>
    [WordsOf<Permanence>]
    public required string? Bounce { get; init; }

    /// <summary>Its kind in the words of other products. Absent: it is no bounce.</summary>
    [WordsOf<BounceCategory>]
    public required string? Category { get; init; }

    /// <summary>Who can mend it. Absent: it is no bounce.</summary>
    [WordsOf<BounceFault>]
    public required string? Fault { get; init; }

    /// <summary>The enhanced code (RFC 3463). Absent: it has none.</summary>
    public required string? Status { get; init; }

    /// <summary>The receiver's own words. Empty: it has none.</summary>
    public required string Reply { get; init; }

    /// <summary>The report's own word (RFC 5965), as <c>abuse</c>. Absent: it is no complaint.</summary>
    public required string? FeedbackType { get; init; }

    /// <summary>The bounce rule that says so. Absent: it is no bounce.</summary>
    public required string? Rule { get; init; }

    internal static RecipientResult Of(BounceResult result) => new()
    {
        Recipient = result.Recipient,
        Kind = result.Kind.ToWord(),
        Reason = result.Verdict?.Reason.ToWord(),
        Hard = result.Verdict?.Permanence == Permanence.Hard,
        Bounce = result.Verdict?.Permanence.ToWord(),
        Category = result.Verdict?.Category.ToWord(),
        Fault = result.Verdict?.Fault.ToWord(),
        Status = result.Status?.ToString(),
        Reply = result.Reply,
        FeedbackType = result.FeedbackType,
        Rule = result.Verdict?.Rule,
    };
}

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
            return Problem.Of(RefusalCode.TooLarge, "The mail is too large", $"A mail may have {options.Value.BodyBytesMax} bytes.");
        if (body.IsEmpty) return Problem.Field("$", "is empty: the body is the mail");
        var rules = file.Current;
        var told = BounceMails.Parse(BounceMailReader.Read(body), rules);
        List<RecipientResult> results = [.. told.Select(RecipientResult.Of)];
        if (results.Count == 0)
            results.Add(RecipientResult.Of(new("", BounceKind.Other, "", null, null, null, "")));
        return Answers.Json(new BounceResponse(results, rules.Version), BounceAnswers.Default.BounceResponse);
    }
}
