using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Data;
using AkkaMail.Server.Description;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Messages;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Api.Messages;

/// <summary>A promise: each message in it will end in exactly one terminal status.</summary>
/// <param name="SubmissionId">What the call is called. The ids of its messages begin with it.</param>
/// <param name="Messages">
/// One for each recipient, in the order of the request: <c>to</c>, <c>cc</c>, <c>bcc</c>, of each personalization in
/// turn.
/// </param>
/// <param name="SendAt">
/// When it is sent, if that is later: the time you have set, or the one at which the tenant's quota has room. Absent:
/// now.
/// </param>
public sealed record SendResponse(
    string SubmissionId, IReadOnlyList<SentMessage> Messages, DateTimeOffset? SendAt = null);

/// <summary>A message of the submission, as it was accepted.</summary>
/// <param name="Id">What the message is called in all other requests.</param>
/// <param name="To">The recipient's address.</param>
/// <param name="Status"><c>accepted</c>, <c>scheduled</c>, or <c>suppressed</c> where a list has the recipient.</param>
public sealed record SentMessage(
    string Id, string To, [WordsOf<MessageStatus>] string Status);

/// <summary>
/// <c>POST /v1/messages</c>: parse, check, take from the quota, store the content, ask the ledger, answer. A 202 is a
/// promise.
/// </summary>
internal static class SendMessages
{
    private const string Replayed = "Idempotency-Replayed";

    public static void MapSend(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/messages", Send).Needs(Scopes.Send)
            .WithName("SendMessages").WithSummary("Accept mail for delivery")
            .WithDescription("202 is a promise: every recipient ends in exactly one terminal event. Beyond its "
                + "tenant's quota it is 429 with `Retry-After`, or accepted for later, as the quota's `mode` has it. 503 "
                + "means that nothing was promised: send the same again; with an `Idempotency-Key` it does not go out twice.")
            .Accepts<SendRequest>("application/json")
            .Produces<SendResponse>(StatusCodes.Status202Accepted)
            .Refuses(400, 409, 413, 415, 422)
            .RefusesWith(RefusalCode.KeyInUse, RefusalCode.SenderNotVerified, RefusalCode.OverQuota, RefusalCode.LedgerFull)
            .WithMetadata(
                SendBounds.Default,
                new ReadsHeader(KnownHeaders.IdempotencyKey, Acceptance.KeyLengthMax, "A word of yours for this call. Sent "
                    + "again with it and the same body within 24 hours, it gets the first answer, and nothing is sent twice."),
                new AnswersHeader(202, "Location", "The first message: its path."),
                new AnswersHeader(202, Replayed, "`true`: the answer of the first call with this key; nothing was done. "
                    + "Otherwise absent.", JsonSchemaType.Boolean),
                Number(202, RateLimitHeaders.Limit, "Recipients that the tenant's quota has for the window of it which has the "
                    + "least left. Absent, as the next two: the tenant has no quota, or it is a repeat."),
                Number(202, RateLimitHeaders.Remaining, "Recipients of it that are left after these. Other nodes may have "
                    + "taken of it meanwhile."),
                Number(202, RateLimitHeaders.Reset, "Seconds until that window ends and all of it may be had again. Mail with "
                    + "a `send_at` is in the window of that time; mail that the quota puts off tells of the window that "
                    + "has no room for it."),
                Number(429, RateLimitHeaders.Limit, "Recipients that the window of the quota may have which has no room for "
                    + "these. Absent where it is no quota."),
                Number(429, RateLimitHeaders.Remaining, "Recipients of it that are left, fewer than these. Absent where it is "
                    + "no quota."),
                Number(429, RateLimitHeaders.Reset, "Seconds until there is room again. Absent where it is no quota."));

    private static AnswersHeader Number(int status, string name, string text) =>
        new(status, name, text, JsonSchemaType.Integer);

    private static async Task<IResult> Send(
        HttpRequest http, Caller caller, Acceptance acceptance, DataDirectory data, IOptions<AkkaMailOptions> options,
        TimeProvider time, CancellationToken cancel)
    {
        if (await SendBody.Read(http, options.Value.BodyBytesMax, data.TemporaryStream, cancel) is not { } body)
            return Problem.Of(RefusalCode.TooLarge, "The body is too large", $"A request may have {options.Value.BodyBytesMax} bytes.");
        if (acceptance.Known(caller.ActsFor, out var tenant) is { } closed) return Problem.Of(closed);
        var key = http.Headers[KnownHeaders.IdempotencyKey].ToString();
        if (key.Length > Acceptance.KeyLengthMax)
            return Problem.Field(KnownHeaders.IdempotencyKey, $"is longer than {Acceptance.KeyLengthMax} characters");

        SendRequest request;
        switch (body.ToRequest())
        {
            case BodyRead<SendRequest>.Done done: request = done.Value; break;
            case BodyRead<SendRequest>.Malformed m:
                return Problem.Malformed(m.Message);
            case BodyRead<SendRequest>.Invalid i: return Problem.Invalid([i.Error]);
            case var other: throw new InvalidOperationException($"{other} is no way a body can read");
        }
        var (now, requestHash, keyHash) =
            (time.GetUtcNow(), body.Hash, Acceptance.KeyOf(caller.ActsFor, key));
        var first = await acceptance.FirstOf(keyHash, cancel);
        if (first is not null && first.Request != requestHash) return Problem.Of(new Taken.KeyInUse(first.Submission).ToRefusal());
        // A repeat is checked against the time of the first: its send_at may have passed by now, its stream be deleted.
        var validation = SendValidation.Validate(request, body.Json, first?.Submission.CreatedAt ?? now, SendLimits.Default with
        {
            Streams = first is not null ? null : tenant?.Streams ?? MailStream.BuiltIn,
            MailBytesMax = options.Value.BodyBytesMax,
        });
        if (validation.Send is not { } valid) return Problem.Invalid(validation.Errors);
        var taken = first is not null ? await acceptance.Again(first, valid, cancel) : await acceptance.Take(
            new(caller.ActsFor, [valid with { Bytes = body.Length }], keyHash, requestHash)
            {
                Door = Door.Api,
                By = caller.By,
                Trace = TraceParent.Read(http.Headers.TraceParent),
                HasOwnEnd = request.ExpiresAt is not null,
            }, cancel);
        return taken switch
        {
            Taken.Promised p => Answer(p, time.GetUtcNow()),
            Taken.KeyInUse k => Problem.Of(k.ToRefusal()),
            Taken.Refused r => Problem.Of(r.Refusal),
            _ => throw new InvalidOperationException($"{taken} is no answer to a submission"),
        };
    }

    private static AcceptedResponse Answer(Taken.Promised promised, DateTimeOffset now)
    {
        var taken = promised.One;
        var status = (taken.SendAt is null ? MessageStatus.Accepted : MessageStatus.Scheduled).ToWord();
        return new(new(taken.Id.ToString(), [.. taken.Send.Envelope.Recipients().Select((r, i) =>
            new SentMessage(new MessageId(taken.Id, i).ToString(), r.Address,
                taken.Suppressed.Contains(i) ? MessageStatus.Suppressed.ToWord() : status))], taken.SendAt),
            promised, now);
    }

    private sealed class AcceptedResponse(SendResponse response, Taken.Promised promised, DateTimeOffset now) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
            var headers = httpContext.Response.Headers;
            if (promised.IsRepeat) headers[Replayed] = "true";
            if (promised.Left is { } left) headers.TellRateLimit(left.Limit, left.Left, left.ResetsAt - now);
            headers.Location = $"/v1/messages/{response.Messages[0].Id}";
            return httpContext.Response.WriteAsJsonAsync(
                response, MessageAnswers.Default.SendResponse.Plain(), cancellationToken: httpContext.RequestAborted);
        }
    }
}
