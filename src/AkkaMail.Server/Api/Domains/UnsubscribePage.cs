using AkkaMail.Core.Ids;
using AkkaMail.Core.Seals;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AkkaMail.Server.Api.Domains;

/// <summary>
/// <c>/u/{token}</c>, the link of List-Unsubscribe (RFC 8058): for recipients, without a key. GET changes nothing,
/// since scanners open every link; POST, by the button or by a mailbox provider, unsubscribes.
/// </summary>
internal static class UnsubscribePage
{
    /// <summary>A token is 45; longer is none.</summary>
    private const int TokenCharactersMax = 100;

    public static void MapUnsubscribe(this IEndpointRouteBuilder app)
    {
        app.MapGet("/u/{token}", Show).ExcludeFromDescription();
        app.MapPost("/u/{token}", Leave).ExcludeFromDescription();
    }

    private static IResult Show(string token, HttpContext http, DomainSecrets secrets, WrongTokens wrong) =>
        Read(token, secrets) is null ? Refuse(http, wrong) : Page(http, """
            <p>Do you want no more mail of this kind?</p>
            <form method="post"><button>Unsubscribe</button></form>
            """);

    // The body is List-Unsubscribe=One-Click, or the button's nothing: that it is a POST says all.
    private static async Task<IResult> Leave(
        string token, HttpContext http, DomainSecrets secrets, WrongTokens wrong, Unsubscribe unsubscribe,
        CancellationToken cancel)
    {
        if (Read(token, secrets) is not { } message) return Refuse(http, wrong);
        await unsubscribe(message, cancel);
        return Page(http, "<p>You are unsubscribed.</p>");
    }

    private static MessageId? Read(string token, DomainSecrets secrets) =>
        token.Length <= TokenCharactersMax ? UnsubscribeToken.Verify(token, secrets.TokenKey) : null;

    private static Problem Refuse(HttpContext http, WrongTokens wrong)
    {
        var wait = wrong.Count(http.Connection.RemoteIpAddress);
        return wait > TimeSpan.Zero
            ? Problem.Of(RefusalCode.TooManyWrongKeys, "Too many wrong links") with { RetryAfter = (int)Math.Ceiling(wait.TotalSeconds) }
            : Problem.Of(RefusalCode.NotFound, "This link is not valid", "It is incomplete, or from another installation.");
    }

    private static ContentHttpResult Page(HttpContext http, string body)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Content($"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Unsubscribe</title>
            {body}
            </html>
            """, "text/html; charset=utf-8");
    }
}
