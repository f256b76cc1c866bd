using System.Globalization;
using AkkaMail.Server.Http;
using AkkaMail.Server.Upkeep;

namespace AkkaMail.Server.Api.Operating;

/// <summary><c>/health</c>: for whoever starts, stops and watches processes. It needs no key.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live")).ExcludeFromDescription();
        app.MapGet("/health/ready", async (HttpResponse http, ServerHealth readiness, CancellationToken cancel) =>
        {
            var reasons = await readiness.Ask(cancel);
            if (reasons.Count > 0)
                http.Headers.RetryAfter = ServerHealth.Every.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return Answers.Json(
                new HealthResponse(reasons.Count == 0 ? "ready" : "not_ready", [.. reasons]),
                OperatingAnswers.Default.HealthResponse, statusCode: reasons.Count == 0 ? 200 : 503);
        }).ExcludeFromDescription();
    }
}

/// <summary><paramref name="Status"/> is <c>ready</c>, or <c>not_ready</c> with each reason.</summary>
public sealed record HealthResponse(string Status, IReadOnlyList<NotReady> Reasons);
