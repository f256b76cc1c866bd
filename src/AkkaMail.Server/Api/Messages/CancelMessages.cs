using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Story;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Api.Messages;

/// <summary>A message that will not be sent.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Status">That it is cancelled.</param>
public sealed record CancelResponse(
    string Id, [OneOf("cancelled")] string Status);

/// <summary><c>DELETE /v1/messages/{id}</c>: withdraws what no attempt has begun for.</summary>
internal static class CancelMessages
{
    public static void MapCancel(this IEndpointRouteBuilder app) =>
        app.MapDelete("/v1/messages/{id}", Cancel).Needs(Scopes.Send).WithName("CancelMessage")
            .WithSummary("Cancel a message that has not started")
            .WithDescription("Only before its first attempt; after that it is 409. Harmless twice.")
            .Produces<CancelResponse>().Refuses(404, 409, 422);

    /// <param name="id">The id of a message.</param>
    /// <param name="note">Why, for people. The message's story keeps it.</param>
    private static async Task<IResult> Cancel(
        string id, Caller caller, LedgerAsk ledgers, MessageStories stories, DataDirectory data,
        IOptions<AkkaMailOptions> options, CancellationToken cancel, string? note = null)
    {
        var errors = new List<FieldError>();
        var why = OrderNotes.Read(note, errors);
        if (errors.Count > 0) return Problem.Invalid(errors);
        if (!MessageId.TryParse(id, out var message) || message.Submission.Partition >= data.Installation.Ledgers)
            return GetMessage.NotFound(id);
        var reply = await ledgers.Ask(message.Submission.Partition, new CancelMessage(message, caller.Tenant, caller.By, why),
            options.Value.AcceptTimeout, cancel);
        switch (reply)
        {
            case CancelReply { Result: CancelResult.Cancelled }:
                return Answers.Json(
                    new CancelResponse(id, MessageStatus.Cancelled.ToWord()), MessageAnswers.Default.CancelResponse);
            case CancelReply { Result: CancelResult.AlreadyStarted }:
                return Problem.Of(RefusalCode.Conflict, "Delivery has started", "Only a message without an attempt can be cancelled.");
            case CancelReply:
                break;   // It has ended, or never was: the row knows.
            default:
                return Problem.Unavailable("The ledger does not answer; the message goes on.");
        }
        var story = await stories.Find(message, cancel);
        if (story is null || !caller.Sees(story.Message.Facts.Tenant)) return GetMessage.NotFound(id);
        return story.Message.Status switch
        {
            MessageStatus.Cancelled => Answers.Json(   // Harmless twice.
                new CancelResponse(id, MessageStatus.Cancelled.ToWord()), MessageAnswers.Default.CancelResponse),
            var status => Problem.Of(RefusalCode.Conflict, "The message has ended", $"It is {status.ToWord()}."),
        };
    }
}
