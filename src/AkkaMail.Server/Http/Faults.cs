using System.Data.Common;
using Akka.Actor;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Signing;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Suppression;
using Microsoft.AspNetCore.Diagnostics;

namespace AkkaMail.Server.Http;

/// <summary>Asked too early: the same request will be answered later.</summary>
internal sealed class UnavailableException(string message) : Exception(message);

/// <summary>
/// What escapes an endpoint, in one table: a store that does not answer is a 503, all else a bug and a 500.
/// </summary>
internal static class Faults
{
    public static void UseFaults(this IApplicationBuilder app) =>
        app.UseExceptionHandler(handler => handler.Run(context =>
            ProblemOf(context.Features.Get<IExceptionHandlerFeature>()?.Error).ExecuteAsync(context)));

    public static Problem ProblemOf(Exception? fault) => fault switch
    {
        UnavailableException e => Problem.Unavailable(e.Message),
        ContentStoreException e => Problem.Unavailable($"The content store does not answer: {e.Message}"),
        ReadModelException e => Problem.Unavailable($"The read model does not answer: {e.Message}"),
        SiteLogException e => Problem.Unavailable($"The log of sites does not answer: {e.Message}"),
        ReportStoreException e =>
            Problem.Unavailable($"The store of reports does not answer: {e.Message}; nothing was filed."),
        SuppressionException e =>
            Problem.Unavailable($"The suppression lists do not answer: {e.Message}; nothing was done."),
        EngagementException e => Problem.Unavailable($"{e.Message}; nothing was noted."),
        ReturnedException e => Problem.Unavailable($"The mails that came in cannot be read: {e.Message}"),
        SigningKeyException e => Problem.Unavailable(e.Message),
        DbException => Problem.Unavailable("The journal does not answer."),
        AskTimeoutException => Problem.Unavailable("The engine does not answer."),
        BadHttpRequestException e => Problem.Of(e.StatusCode, "The request cannot be read", e.Message),
        _ => Problem.Of(500, "An error inside", "It is in the server's log."),
    };

    /// <summary>
    /// What routing refuses by itself comes without a body: a client gets the same form as for all else.
    /// </summary>
    public static void UseRefusals(this IApplicationBuilder app) => app.UseStatusCodePages(pages =>
    {
        var http = pages.HttpContext;
        var problem = http.Response.StatusCode switch
        {
            404 => Problem.Of(404, "There is nothing at this path", "The description is at /openapi/v1.json."),
            405 => Problem.Of(405, "This path has no such method", $"It has {http.Response.Headers.Allow}."),
            415 => Problem.Of(415, "The body is not of this type", "Send JSON, as 'Content-Type: application/json'."),
            var status => Problem.Of(status, "The request is refused"),
        };
        return problem.ExecuteAsync(http);
    });
}
