using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Rules;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>Replies as they stand in a log.</summary>
/// <param name="Replies">Up to 1,000 texts of up to 8,192 characters each, as <c>550 5.1.1 User unknown</c>.</param>
public sealed record ClassifyRequest(
    [Required] string?[]? Replies);

/// <summary>One reply, and what it means.</summary>
/// <param name="Reply">The reply as it was given.</param>
/// <param name="Category">Its kind in the words of other products.</param>
/// <param name="Bounce">
/// <c>hard</c>: the address should get no mail any more. <c>soft</c>: not this mail. <c>transient</c>: not now.
/// </param>
/// <param name="Reason">Its reason.</param>
/// <param name="Fault">Who can mend it.</param>
/// <param name="Rule">The bounce rule that says so.</param>
/// <param name="Version">The version of the bounce rules.</param>
public sealed record ClassifiedReply(
    string Reply, [WordsOf<BounceCategory>] string Category, [WordsOf<Permanence>] string Bounce,
    [WordsOf<BounceReason>] string Reason, [WordsOf<BounceFault>] string Fault, string Rule, string Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ClassifyRequest))]
internal sealed partial class ClassifyJson : JsonSerializerContext;

/// <summary><c>POST /v1/bounces/classify</c>: replies as they stand in a log.</summary>
internal static class ClassifyReplies
{
    public const int RepliesMax = 1_000;

    /// <summary>Bytes of a call: that many replies of the length that is looked at, however they are escaped.</summary>
    public const long BytesMax = 4L * 1024 * 1024;

    private static readonly BodyBounds Bounds = new(("replies", BodyBound.MoreThan(RepliesMax)));

    /// <summary>Characters of a reply: four times what is kept of one, so that nothing is cut unsaid.</summary>
    public const int CharactersMax = 4 * SmtpReply.TextMax;

    public static void MapClassifyReplies(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/bounces/classify", Classify).Needs(Scopes.Read).WithName("ClassifyReplies")
            .WithSummary("What SMTP replies mean: category, hard, soft or transient, reason, and the rule that says so")
            .Accepts<ClassifyRequest>("application/json")
            .Produces<ClassifiedReply[]>().Refuses(400, 413, 415, 422).WithMetadata(Bounds);

    private static async Task<IResult> Classify(
        HttpRequest http, BouncesFile file, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(
            http, ClassifyJson.Default.ClassifyRequest, BytesMax, cancel, Bounds);
        if (problem is not null) return problem;
        var errors = Check(request!.Replies);
        return errors.All.Count > 0 ? Problem.Invalid(errors.All) : Answers.Json(
            request.Replies!.Select(reply => Of(reply!, file.Current)).ToArray(),
            BounceAnswers.Default.ClassifiedReplyArray);
    }

    private static FieldErrors Check(string?[]? replies)
    {
        var errors = new FieldErrors();
        if (replies is null or []) errors.Add("replies", "has no text: a list is needed, as in [\"550 User unknown\"]");
        else
            for (var i = 0; i < replies.Length; i++)
                errors.Check($"replies[{i}]", replies[i] is null ? "must be text"
                    : string.IsNullOrWhiteSpace(replies[i]) ? "is empty"
                    : replies[i]!.Length > CharactersMax ? $"has more than {CharactersMax} characters" : null);
        return errors;
    }

    private static ClassifiedReply Of(string reply, BounceRules rules)
    {
        var verdict = rules.Classify(reply);
        return new(reply, verdict.Category.ToWord(), verdict.Permanence.ToWord(), verdict.Reason.ToWord(),
            verdict.Fault.ToWord(), verdict.Rule, verdict.Version);
    }
}
