using AkkaMail.Server.Demo;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Operating;

/// <summary>A mail in the demo's catcher.</summary>
public sealed record CaughtMail(int Number, string From, IReadOnlyList<string> To, string Subject, int Bytes,
    DateTimeOffset At);

internal static class CaughtMails
{
    public static void MapCaughtMails(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/catcher/mails", (Catcher catcher) =>
            TypedResults.Json(catcher.List(), ApiJson.Default.CaughtMailArray))
            .WithName("ListCaughtMails").WithSummary("What the demo's catcher has, newest first")
            .Produces<CaughtMail[]>().Refuses();
        app.MapGet("/v1/catcher/mails/{number:int}", (int number, Catcher catcher) =>
            catcher.Find(number) is { } bytes ? Results.Bytes(bytes, "message/rfc822")
                : Problem.Of(404, "There is no such mail", "The catcher keeps the latest 1,000."))
            .WithName("GetCaughtMail").WithSummary("A caught mail (message/rfc822)")
            .Produces(200, contentType: "message/rfc822").Refuses(404);
    }
}
