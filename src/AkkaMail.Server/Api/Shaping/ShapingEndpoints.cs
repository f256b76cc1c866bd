using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Rules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AkkaMail.Server.Api.Shaping;

/// <summary>A file that would be taken.</summary>
/// <param name="Valid"><c>true</c>; one that would not is a 422.</param>
/// <param name="Version">The version it would have.</param>
/// <param name="Warnings">What can be meant so, but seldom is. Absent: nothing.</param>
public sealed record ShapingValid(bool Valid, string Version, IReadOnlyList<FieldError>? Warnings);

/// <summary>The shaping rules that hold.</summary>
/// <param name="Version">Their version.</param>
/// <param name="File">Where the server looks for the file.</param>
/// <param name="FromFile">Whether they are the file's; otherwise there is none, and they are the shipped ones.</param>
/// <param name="LoadedAt">When they were read.</param>
/// <param name="Refused">A later file that is not taken. Absent: none.</param>
/// <param name="Counts">How many there are of each.</param>
/// <param name="MissingSources">Sources whose address is not on this machine.</param>
public sealed record ShapingResponse(
    string Version, string File, bool FromFile, DateTimeOffset LoadedAt, ShapingRefused? Refused, ShapingCounts Counts,
    IReadOnlyCollection<string> MissingSources);

/// <summary>A file that is not taken.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Errors">What is wrong with it.</param>
public sealed record ShapingRefused(DateTimeOffset At, IReadOnlyList<FieldError> Errors);

/// <summary>How many there are of each in the shaping rules.</summary>
/// <param name="Providers">Providers.</param>
/// <param name="Domains">Domains with rules of their own.</param>
/// <param name="Sources">Sources.</param>
/// <param name="Pools">Pools.</param>
/// <param name="Tenants">Tenants with rules of their own.</param>
/// <param name="Streams">Streams with rules of their own.</param>
/// <param name="WarmUpPlans">Plans of warm-ups.</param>
/// <param name="Rules">Rules that react to replies.</param>
public sealed record ShapingCounts(
    int Providers, int Domains, int Sources, int Pools, int Tenants, int Streams, int WarmUpPlans, int Rules);

internal static class ShapingEndpoints
{
    public static void MapShaping(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/shaping", Show).WithName("GetShaping")
            .WithSummary("The shaping rules that hold, and what was refused")
            .Produces<ShapingResponse>().Refuses();
        app.MapPost("/v1/shaping/validate", Validate).WithName("ValidateShaping")
            .WithSummary("Whether a shaping file would be taken")
            .WithDescription("The body is the file. Nothing is changed: the server reads its own file by itself.")
            .Accepts<string>("application/json", "*/*")   // What curl says of a file is of no interest.
            .Produces<ShapingValid>().Refuses(413, 422);
    }

    private static JsonHttpResult<ShapingResponse> Show(ShapingFile file, SourceWatch sources)
    {
        var (rules, isFromFile, loadedAt, refused) = file.State;
        var counts = new ShapingCounts(rules.Providers.Length, rules.Domains.Count, rules.Sources.Count,
            rules.Pools.Count, rules.Tenants.Count, rules.Streams.Length, rules.WarmUpPlans.Count, rules.Rules.Length);
        return Answers.Json(new ShapingResponse(rules.Version, file.Path, isFromFile, loadedAt,
            refused is null ? null : new(refused.At, Errors(refused.Faults)), counts, sources.Missing),
            ShapingAnswers.Default.ShapingResponse);
    }

    private static async Task<IResult> Validate(HttpRequest http, CancellationToken cancel)
    {
        if (await Body.Read(http, RuleBounds.FileBytes, cancel) is not { } body)
            return Problem.Of(RefusalCode.TooLarge, "The file is too large", $"A shaping file has up to {RuleBounds.FileBytes} bytes.");
        return ShapingReader.Read(body, "shaping.json") switch
        {
            ShapingReading.Good good => Answers.Json(new ShapingValid(true, good.Rules.Version,
                good.Warnings.IsEmpty ? null : Errors(good.Warnings)), ShapingAnswers.Default.ShapingValid),
            ShapingReading.Faulty faulty =>
                Problem.Invalid(Errors(faulty.Faults)) with { Title = "The shaping file is not valid" },
            var other => throw new System.Diagnostics.UnreachableException($"{other}"),
        };
    }

    private static List<FieldError> Errors(IEnumerable<RuleFault> faults) =>
        [.. faults.Select(f => new FieldError(
            f.Path.Length == 0 ? "$" : f.Path, f.Message, f.Line == 0 ? null : f.Line))];
}
