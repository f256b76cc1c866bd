using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Http;

/// <summary>
/// A refusal (RFC 9457). Programs go by <c>code</c>; title and detail are for people, and may change.
/// </summary>
/// <param name="Type">The code as a URI, as RFC 9457 has it.</param>
/// <param name="Title">What is wrong, in a few words.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Code">Why it is refused: a word of a closed list, for ever.</param>
/// <param name="Detail">What is wrong here, and perhaps what to do. Absent: the title says all.</param>
/// <param name="Errors">Each fault by its field, up to 100. Absent: it is about no field.</param>
public sealed record Problem(
    string Type, string Title, int Status, [WordsOf<RefusalCode>] string Code, string? Detail = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Errors = null)
    : IResult
{
    /// <summary>Seconds a client should wait before it repeats the request; sent as Retry-After.</summary>
    [JsonIgnore] public int? RetryAfter { get; init; }

    /// <summary>What may be had of a limit over time that is used up; sent as RateLimit-Limit.</summary>
    [JsonIgnore] public long? Limit { get; init; }

    /// <summary>What is left of it, if that is known; sent as RateLimit-Remaining.</summary>
    [JsonIgnore] public long? Remaining { get; init; }

    public static Problem Malformed(string detail) => Of(RefusalCode.Malformed, "The body is not JSON", detail);

    public static Problem Invalid(IReadOnlyList<FieldError> errors) => Of(Refusal.Invalid(errors));

    public static Problem Field(string field, string message) => Invalid([new(field, message)]);

    /// <summary>Nothing is promised and nothing is lost: the client sends the same again.</summary>
    public static Problem Unavailable(string detail, int retryAfter = 2) =>
        Of(Refusal.Unavailable(detail)) with { RetryAfter = retryAfter };

    public static Problem Of(Refusal refusal)
    {
        var problem = Of(refusal.Code, refusal.Title, refusal.Detail);
        return problem with
        {
            Errors = refusal.Errors.Count > 0 ? refusal.Errors : null,
            Limit = refusal.Limit,
            Remaining = refusal.Remaining,
            RetryAfter = refusal.RetryAfter is { } wait
                ? (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, int.MaxValue) : null,
        };
    }

    public static Problem Of(RefusalCode code, string title, string? detail = null) =>
        new($"https://akkamail.dev/problems/{code.ToWord()}", title, StatusOf(code), code.ToWord(), detail);

    /// <summary>The one table from a refusal to HTTP (RFC 9110 §15.5, RFC 6585 §4).</summary>
    internal static int StatusOf(RefusalCode code) => code switch
    {
        RefusalCode.Malformed or RefusalCode.UnknownParameter => 400,
        RefusalCode.KeyWrong or RefusalCode.KeyExpired => 401,
        RefusalCode.KeyScope or RefusalCode.KeyNetwork or RefusalCode.TenantSuspended => 403,
        RefusalCode.NotFound => 404,
        RefusalCode.MethodNotAllowed => 405,
        RefusalCode.Conflict or RefusalCode.KeyInUse => 409,
        RefusalCode.TooLarge => 413,
        RefusalCode.UnsupportedType => 415,
        RefusalCode.Invalid or RefusalCode.SenderNotVerified => 422,
        RefusalCode.TooManyWrongKeys or RefusalCode.OverQuota or RefusalCode.Busy => 429,
        RefusalCode.Internal => 500,
        RefusalCode.LedgerFull or RefusalCode.Unavailable => 503,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        var headers = httpContext.Response.Headers;
        if (RetryAfter is { } seconds) headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (Limit is { } limit && RetryAfter is { } reset) headers.TellRateLimit(limit, Remaining, TimeSpan.FromSeconds(reset));
        httpContext.Response.ContentType = "application/problem+json";
        await JsonSerializer.SerializeAsync(httpContext.Response.Body, this, ProblemJson.Default.Problem.Plain(),
            httpContext.RequestAborted);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
