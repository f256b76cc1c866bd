using System.Diagnostics;
using System.Text.Json.Serialization;
using AkkaMail.Core.Bounces;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Options;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Api.Bounces;

/// <summary><paramref name="Replies"/>: up to 1,000; of each the first 2 KB count. Null or empty is an error.</summary>
public sealed record ClassifyRequest(string?[]? Replies);

/// <summary>One reply, and what it means.</summary>
public sealed record ClassifiedReply(
    string Reply, string Category, string Bounce, string Reason, string Fault, string Rule, string Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ClassifyRequest))]
internal sealed partial class ClassifyJson : JsonSerializerContext;

/// <summary><c>POST /v1/bounces/classify</c>: replies as they stand in a log.</summary>
internal static class ClassifyReplies
{
    public const int RepliesMax = 1_000;

    public static void MapClassifyReplies(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/bounces/classify", Classify).WithName("ClassifyReplies")
            .WithSummary("What SMTP replies mean: category, hard, soft or transient, reason, and the rule that says so")
            .Accepts<ClassifyRequest>("application/json")
            .Produces<ClassifiedReply[]>()
            .Produces<Problem>(400, "application/problem+json").Produces<Problem>(401, "application/problem+json")
            .Produces<Problem>(413, "application/problem+json").Produces<Problem>(415, "application/problem+json")
            .Produces<Problem>(422, "application/problem+json");

    private static async Task<IResult> Classify(
        HttpRequest http, BouncesFile file, IOptions<AkkaMailOptions> options, CancellationToken cancel)
    {
        if (await Body.Read(http, options.Value.BodyBytesMax, cancel) is not { } body)
            return Problem.Of(413, "The body is too large", $"A request may have {options.Value.BodyBytesMax} bytes.");
        switch (RequestReader.Read(body.Span, ClassifyJson.Default.ClassifyRequest))
        {
            case BodyRead<ClassifyRequest>.Malformed m:
                return Problem.Malformed($"{m.Message} (line {m.Line}, byte {m.Position})");
            case BodyRead<ClassifyRequest>.Invalid i: return Problem.Invalid([i.Error]);
            case BodyRead<ClassifyRequest>.Done { Value: var request }:
                var errors = Check(request.Replies);
                return errors.All.Count > 0 ? Problem.Invalid(errors.All) : TypedResults.Json(
                    request.Replies!.Select(reply => Of(reply!, file.Current)).ToArray(),
                    ApiJson.Default.ClassifiedReplyArray);
            case var other: throw new UnreachableException($"{other}");
        }
    }

    private static FieldErrors Check(string?[]? replies)
    {
        var errors = new FieldErrors();
        if (replies is null or []) errors.Add("replies", "has no text: a list is needed, as in [\"550 User unknown\"]");
        else if (replies.Length > RepliesMax) errors.Add("replies", $"are more than {RepliesMax}");
        else
            for (var i = 0; i < replies.Length; i++)
                errors.Check($"replies[{i}]", replies[i] is null ? "must be text"
                    : string.IsNullOrWhiteSpace(replies[i]) ? "is empty" : null);
        return errors;
    }

    private static ClassifiedReply Of(string reply, BounceRules rules)
    {
        var verdict = rules.Classify(reply);
        return new(reply, verdict.Category.ToWord(), verdict.Permanence.ToWord(), verdict.Reason.ToWord(),
            verdict.Fault.ToWord(), verdict.Rule, verdict.Version);
    }
}
