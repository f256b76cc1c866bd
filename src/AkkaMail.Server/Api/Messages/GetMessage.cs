using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Story;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Access;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Messages;

/// <summary><c>GET /v1/messages/{id}</c>: the story so far; <c>/raw</c>: the mail as it is or was sent.</summary>
internal static class GetMessage
{
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(2);

    public static void MapGetMessage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/messages/{id}", Get).Needs(Scopes.Read).WithName("GetMessage").WithSummary("A message and its story")
            .Produces<MessageResponse>().Refuses(404);
        app.MapGet("/v1/messages/{id}/raw", Raw).Needs(Scopes.Read).WithName("GetRawMessage")
            .WithSummary("The mail itself (message/rfc822)")
            .Produces(200, contentType: "message/rfc822").Refuses(404);
    }

    private static async Task<IResult> Get(
        string id, Caller caller, IRequiredActor<Ledgers> ledgers, ReadModel read, ContentStore content, DataDirectory data,
        CancellationToken cancel)
    {
        if (await Find(id, ledgers.ActorRef, read, data, cancel) is not { } story
            || !caller.Sees(story.Message.Facts.Tenant))
            return NotFound(id);
        var mail = await content.Read(story.Message.Facts.Envelope, cancel);
        var envelope = mail?.Envelope;
        if (envelope is null)
            (await content.ReadEnvelopes([story.Message.Facts.Envelope], cancel))
                .TryGetValue(story.Message.Facts.Envelope, out envelope);
        return TypedResults.Json(
            MessageResponse.Of(story.Message, story.Events, envelope, mail?.Content.Subject),
            ApiJson.Default.MessageResponse);
    }

    private static async Task<IResult> Raw(
        string id, Caller caller, IRequiredActor<Ledgers> ledgers, ReadModel read, ContentStore content, DataDirectory data,
        OutgoingIdentity identity, CancellationToken cancel)
    {
        if (await Find(id, ledgers.ActorRef, read, data, cancel) is not { } story
            || !caller.Sees(story.Message.Facts.Tenant))
            return NotFound(id);
        if (await content.Read(story.Message.Facts.Envelope, cancel) is not { } mail)
            return Problem.Of(404, "The content is gone",
                "It is kept for AkkaMail:Retention:Content after the message's time.");
        var facts = new MessageFacts(
            story.Message.Id, story.Message.Facts.Tenant, story.Message.Facts.Stream, story.Message.AcceptedAt);
        Smtp.Mime.Composition composition;
        try { composition = Composer.Compose(mail, facts, identity); }
        catch (SigningKeyException e) { return Problem.Unavailable(e.Message, retryAfter: 10); }
        return composition is ComposedMail composed
            ? TypedResults.Bytes(composed.ToBytes(), "message/rfc822")
            : Problem.Of(404, "The mail could not be composed", "Its story says why.");
    }

    /// <summary>
    /// The row, continued with what the ledger has stored since. The ledger is asked first: what it forgets in between
    /// is in the row by then.
    /// </summary>
    public static async Task<MessageStory?> Find(
        string text, IActorRef ledgers, ReadModel read, DataDirectory data, CancellationToken cancel)
    {
        if (!MessageId.TryParse(text, out var id)) return null;
        var fresh = id.Submission.Partition < data.Installation.Ledgers
            ? await Acceptance.Ask(ledgers, id.Submission.Partition, new ReadUnprojected(id), LedgerTimeout, cancel)
            : null;
        var row = await read.Find(id, cancel);
        // It may have been promised a moment ago: "there is none" would be a lie.
        if (fresh is null && row is null && id.Submission.Partition < data.Installation.Ledgers)
            throw new UnavailableException("The ledger does not answer, and the message is in no row yet.");
        return fresh is UnprojectedEvents { Events: var events } ? Story.Continue(row, id, events) : row;
    }

    public static Problem NotFound(string id) =>
        Problem.Of(404, "There is no such message", $"No message has the id '{Cut(id)}'.");

    private static string Cut(string id) => id.Length <= 64 ? id : id[..64] + "…";
}
