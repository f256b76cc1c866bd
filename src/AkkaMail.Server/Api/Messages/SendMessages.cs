using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Content;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Options;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Api.Messages;

public sealed record SendResponse(string SubmissionId, IReadOnlyList<SentMessage> Messages);

public sealed record SentMessage(string Id, string To, string Status);

/// <summary>
/// <c>POST /v1/messages</c>: parse, check, store the content, ask the ledger, answer. A 202 is a promise.
/// </summary>
internal static class SendMessages
{
    /// <summary>More is no key but a document.</summary>
    private const int KeyLengthMax = 255;

    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    public static void MapSend(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/messages", Send).Needs(Scopes.Send)
            .WithName("SendMessages").WithSummary("Accept mail for delivery")
            .WithDescription("202 is a promise: every recipient ends in exactly one terminal event. With the header "
                + "Idempotency-Key a repeat within 24 h gets the first answer again.")
            .Accepts<SendRequest>("application/json")
            .Produces<SendResponse>(StatusCodes.Status202Accepted)
            .Refuses(400, 409, 413, 415, 422);

    private static async Task<IResult> Send(
        HttpRequest http, Caller caller, AccountsView accounts, IRequiredActor<Ledgers> ledgers, ContentStore content,
        ReadModel read, DataDirectory data, IOptions<AkkaMailOptions> options, IOptions<RetentionOptions> retention,
        SenderRules senders, TimeProvider time, CancellationToken cancel)
    {
        if (await Body.Read(http, options.Value.BodyBytesMax, cancel) is not { } body)
            return Problem.Of(413, "The body is too large", $"A request may have {options.Value.BodyBytesMax} bytes.");
        if (accounts.Current?.Tenants.GetValueOrDefault(caller.ActsFor) is { IsSuspended: true })
            return Problem.Of(403, "The tenant is suspended", "Nothing new of it is accepted; ask who runs this.");
        var key = http.Headers["Idempotency-Key"].ToString();
        if (key.Length > KeyLengthMax)
            return Problem.Field("Idempotency-Key", $"is longer than {KeyLengthMax} characters");

        var now = time.GetUtcNow();
        SendRequest request;
        switch (RequestReader.Read(body))
        {
            case BodyRead<SendRequest>.Done done: request = done.Value; break;
            case BodyRead<SendRequest>.Malformed m:
                return Problem.Malformed($"{m.Message} (line {m.Line}, byte {m.Position})");
            case BodyRead<SendRequest>.Invalid i: return Problem.Invalid([i.Error]);
            case var other: throw new InvalidOperationException($"{other} is no way a body can read");
        }
        var requestHash = Hash128.Of(body.Span);
        var keyHash = key.Length == 0 ? (Hash128?)null
            : Hash128.Of(Encoding.UTF8.GetBytes($"{caller.ActsFor}\n{key}"));
        var known = keyHash is { } k ? await read.FindKey(k, cancel) : null;
        if (known is not null && now - known.Submission.CreatedAt >= KeyLife) known = null;
        if (known is not null && known.Request != requestHash) return Conflict(known.Submission);
        // A repeat is checked against the time of the first: its send_at may have passed by now.
        var validation = SendValidation.Validate(request, known?.Submission.CreatedAt ?? now, SendLimits.Default);
        if (validation.Send is not { } submission) return Problem.Invalid(validation.Errors);
        if (known is not null)
            return Answer(known.Submission, submission, submission.SendAt > known.Submission.CreatedAt);

        if (senders.Refuse(caller.ActsFor, submission.Envelope.From.AsciiDomain) is { } refused) return refused;

        long envelope;
        try
        {
            envelope = await content.Write(
                submission.Content, submission.Envelope, submission.ExpiresAt + retention.Value.Content, cancel);
        }
        catch (ContentStoreException e)
        {
            return Problem.Unavailable($"The content store does not answer: {e.Message}");
        }

        var accept = new AcceptSubmission(
            Chance(), envelope, caller.ActsFor, submission.Stream, submission.Tags, submission.SendAt,
            submission.ExpiresAt,
            keyHash, requestHash,
            [.. submission.Envelope.Recipients().Select(r => new AcceptedRecipient(
                r.AsciiDomain, Hash128.OfAddress(r.EnvelopeAddress, data.Installation.AddressKey)))],
            now + options.Value.AcceptTimeout);
        var partition = (int)((keyHash?.Low ?? Chance()) % (ulong)data.Installation.Ledgers);
        var reply = await Ask(ledgers.ActorRef, partition, accept, options.Value.AcceptTimeout, cancel);
        return reply switch
        {
            SubmissionAccepted a => Answer(a.Id, submission, a.Scheduled),
            KeyConflict c => Conflict(c.First),
            LedgerFull f =>
                Problem.Unavailable($"{f.Unfinished} messages wait in this ledger: no more for now.", retryAfter: 10),
            CommandRefused r => Problem.Field("", $"cannot be stored: {r.Reason}"),
            LedgerUnavailable or TooLate => Problem.Unavailable("The journal does not answer; nothing was promised."),
            null => Problem.Unavailable("The ledger does not answer; nothing was promised."),
            _ => throw new InvalidOperationException($"{reply} is no answer to a submission"),
        };
    }

    /// <summary>The ledger's answer, or null when it gave none in time.</summary>
    public static async Task<object?> Ask(
        IActorRef ledgers, int partition, object message, TimeSpan timeout, CancellationToken cancel)
    {
        try { return await ledgers.Ask<object>(new ToLedger(partition, message), timeout, cancel); }
        catch (AskTimeoutException) { return null; }
    }

    private static AcceptedResponse Answer(SubmissionId id, ValidSend submission, bool scheduled)
    {
        var status = (scheduled ? MessageStatus.Scheduled : MessageStatus.Accepted).ToWord();
        return new(new(id.ToString(), [.. submission.Envelope.Recipients().Select((r, i) =>
            new SentMessage(new MessageId(id, i).ToString(), r.Address, status))]));
    }

    private static Problem Conflict(SubmissionId first) =>
        Problem.Of(409, "The Idempotency-Key was used with another body", $"It stands for submission {first}.");

    private static ulong Chance() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private sealed class AcceptedResponse(SendResponse response) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
            httpContext.Response.Headers.Location = $"/v1/messages/{response.Messages[0].Id}";
            return httpContext.Response.WriteAsJsonAsync(
                response, ApiJson.Default.SendResponse, cancellationToken: httpContext.RequestAborted);
        }
    }
}
