using AkkaMail.Server.Refusals;
using Microsoft.AspNetCore.Diagnostics;

namespace AkkaMail.Server.Http;

/// <summary>The same form for what escapes an endpoint and for what no endpoint has seen.</summary>
internal static class RefusalAnswers
{
    /// <summary>Of what is a refusal the log has no stack: who is refused may come a thousand times a second.</summary>
    public static void UseFaults(this WebApplication app)
    {
        var log = new FaultLog(
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AkkaMail.Http"),
            app.Services.GetRequiredService<TimeProvider>());
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = context => Faults.RefusalOf(context.Exception).Code != RefusalCode.Internal,
            ExceptionHandler = context =>
            {
                var fault = context.Features.Get<IExceptionHandlerFeature>()?.Error;
                var refusal = Faults.RefusalOf(fault);
                log.Note(refusal, fault);
                RequestIds.Mark(context);
                return Problem.Of(refusal.Code == RefusalCode.Internal
                    ? refusal with { Detail = $"It is in the server's log, under {context.TraceIdentifier}." }
                    : refusal).ExecuteAsync(context);
            },
        });
    }

    public static Problem NoPath { get; } = Problem.Of(RefusalCode.NotFound, "There is nothing at this path",
        "The description is at /openapi/v1.json.");

    /// <summary>
    /// What routing refuses by itself comes without a body: a client gets the same form as for all else.
    /// </summary>
    public static void UseRefusals(this IApplicationBuilder app) => app.UseStatusCodePages(pages =>
    {
        var http = pages.HttpContext;
        // Routing knows of no HEAD: each GET answers it.
        if (http.Response.Headers.Allow.ToString() is var allow && allow.Split(", ").Contains(HttpMethods.Get))
            http.Response.Headers.Allow = $"{allow}, {HttpMethods.Head}";
        var problem = http.Response.StatusCode switch
        {
            404 => NoPath,
            405 => Problem.Of(RefusalCode.MethodNotAllowed, "This path has no such method",
                $"It has {http.Response.Headers.Allow}."),
            413 => Problem.Of(RefusalCode.TooLarge, "The body is too large"),
            415 => Problem.Of(RefusalCode.UnsupportedType, "The body is not of this type",
                "Send JSON, as 'Content-Type: application/json'."),
            var status => Problem.Of(status >= 500 ? RefusalCode.Internal : RefusalCode.Malformed, "The request is refused")
                with
            { Status = status },
        };
        return problem.ExecuteAsync(http);
    });
}
