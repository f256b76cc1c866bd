using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;
using AkkaMail.Storage.Content;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Api.Messages;

/// <summary><c>GET /v1/messages/{id}</c>: the story so far; <c>/raw</c>: the mail as it is or was sent.</summary>
internal static class GetMessage
{
    public static void MapGetMessage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/messages/{id}", Get).Needs(Scopes.Read).WithName("GetMessage").WithSummary("A message and its story")
            .WithDescription("From the 202 on, for `AkkaMail:Retention:Messages` (90 days) after it was accepted; its events "
                + "for `AkkaMail:Retention:Lines` (30 days). What has not ended stays.")
            .Produces<MessageResponse>().Refuses(404);
        app.MapGet("/v1/messages/{id}/raw", Raw).Needs(Scopes.Read).Observed(Observing.Nothing)
            .WithName("GetRawMessage")
            .WithSummary("The mail itself (message/rfc822)")
            .Produces<string>(200, "message/rfc822").Refuses(404);
    }

    /// <param name="id">The id of a message.</param>
    private static async Task<IResult> Get(
        string id, Caller caller, MessageStories stories, WaitingMessages waiting, ContentStore content,
        Callers callers, IOptions<RetentionOptions> retention, TimeProvider time, CancellationToken cancel)
    {
        if (!MessageId.TryParse(id, out var message) || await stories.Find(message, cancel) is not { } story
            || !caller.Sees(story.Message.Facts.Tenant))
            return NotFound(id);
        var place = (story.Message.Facts.Envelope, message.Index);
        var mail = await content.Read(story.Message.Facts.Envelope, message.Index, cancel);
        var envelope = mail?.Envelope ?? (await content.ReadEnvelopes([place], cancel)).GetValueOrDefault(place);
        var (view, now) = (story.Message, time.GetUtcNow());
        var all = await waiting.Of([view], cancel);
        var (why, shown) = (all.GetValueOrDefault(view.Id), await waiting.WithCause(caller, all, cancel));
        return Answers.Json(
            MessageResponse.Of(view, story.Events, envelope, mail?.Content.Subject,
                WaitingResponse.Of(why, view, story.Events.LastOrDefault(e => e.Outcome is not null),
                    shown.Contains(view.Id), now),
                why?.Site, key => callers.Shows(caller, key), now).For(caller) with
            {
                StoryBegins = story.IsWhole ? null
                    : story.Events is [var first, ..] ? first.At : now - retention.Value.Lines,
            },
            MessageAnswers.Default.MessageResponse);
    }

    /// <param name="id">The id of a message.</param>
    private static async Task<IResult> Raw(
        string id, Caller caller, MessageStories stories, ContentStore content, OutgoingIdentity identity,
        CancellationToken cancel)
    {
        if (!MessageId.TryParse(id, out var message) || await stories.Find(message, cancel) is not { } story
            || !caller.Sees(story.Message.Facts.Tenant))
            return NotFound(id);
        if (await content.Read(story.Message.Facts.Envelope, message.Index, cancel) is not { } mail)
            return Problem.Of(RefusalCode.NotFound, "The content is gone",
                "It is kept for AkkaMail:Retention:Content after the message's time.");
        var facts = new MessageFacts(
            story.Message.Id, story.Message.Facts.Tenant, story.Message.Facts.Stream, story.Message.AcceptedAt);
        Smtp.Mime.Composition composition;
        try { composition = Composer.Compose(mail, facts, identity); }
        catch (SigningKeyException e) { return Problem.Unavailable(e.Message, retryAfter: 10); }
        return composition is ComposedMail composed
            ? TypedResults.Stream(stream => composed.WriteToAsync(stream, cancel), "message/rfc822")
            : Problem.Of(RefusalCode.NotFound, "The mail could not be composed", "Its story says why.");
    }

    public static Problem NotFound(string id) =>
        Problem.Of(RefusalCode.NotFound, "There is no such message", $"No message has the id '{Cut(id)}'.");

    private static string Cut(string id) => id.Length <= 64 ? id : id[..64] + "…";
}
