using AkkaMail.Server.Access;
using AkkaMail.Server.Demo;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Operating;

internal static class CaughtMails
{
    public static void MapCaughtMails(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/catcher/mails", (Catcher catcher) =>
            Answers.Json(catcher.List(), OperatingAnswers.Default.CaughtMailArray))
            .Observed(Observing.Nothing).WithName("ListCaughtMails")
            .WithSummary("What the demo's catcher has, newest first")
            .Produces<CaughtMail[]>().Refuses();
        app.MapGet("/v1/catcher/mails/{number:int}", (int number, Catcher catcher) =>
            catcher.Find(number) is { } bytes ? Results.Bytes(bytes, "message/rfc822")
                : Problem.Of(RefusalCode.NotFound, "There is no such mail", "The catcher keeps the latest 1,000."))
            .Observed(Observing.Nothing).WithName("GetCaughtMail").WithSummary("A caught mail (message/rfc822)")
            .Produces<string>(200, "message/rfc822").Refuses(404);
    }
}
