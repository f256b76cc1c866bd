using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Server.Api;

namespace AkkaMail.Server.Http;

/// <summary>RFC 9457. <paramref name="Errors"/> names each faulty field.</summary>
public sealed record Problem(
    string Type, string Title, int Status, string? Detail = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Errors = null)
    : IResult
{
    /// <summary>Seconds a client should wait before it repeats the request; sent as Retry-After.</summary>
    [JsonIgnore] public int? RetryAfter { get; init; }

    public static Problem Malformed(string detail) => Of(400, "The body is not JSON", detail);

    public static Problem Invalid(IReadOnlyList<FieldError> errors)
    {
        var first = string.Join("; ", errors.Take(3).Select(e => $"{e.Field}: {e.Message}"));
        return Of(422, "The request is not valid", first) with { Errors = errors };
    }

    public static Problem Field(string field, string message) => Invalid([new(field, message)]);

    /// <summary>Nothing is promised and nothing is lost: the client sends the same again.</summary>
    public static Problem Unavailable(string detail, int retryAfter = 2) =>
        Of(503, "Not now", detail) with { RetryAfter = retryAfter };

    public static Problem Of(int status, string title, string? detail = null) =>
        new($"https://akkamail.dev/problems/{status}", title, status, detail);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (RetryAfter is { } seconds)
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        httpContext.Response.ContentType = "application/problem+json";
        await JsonSerializer.SerializeAsync(httpContext.Response.Body, this, ApiJson.Default.Problem,
            httpContext.RequestAborted);
    }
}
