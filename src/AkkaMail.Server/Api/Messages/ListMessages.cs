using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Messages;

/// <summary>A page of a list.</summary>
/// <param name="Messages">A page of messages, the newest first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record MessageListResponse(IReadOnlyList<MessageResponse> Messages, string? NextCursor);

/// <summary><c>GET /v1/messages</c>, newest first.</summary>
internal static class ListMessages
{
    public static void MapListMessages(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/messages", List).Needs(Scopes.Read).WithName("ListMessages")
            .WithSummary("Messages, newest first, by where they stand, whom they are to, how they went, and time")
            .WithDescription("`from` and `to` are of the time of acceptance. Lists are a moment behind; a message is "
                + "found by its id at once.")
            .Produces<MessageListResponse>().Refuses(422);

    /// <param name="status">Those that stand so.</param>
    /// <param name="recipient">Those to this address, the whole of it.</param>
    /// <param name="domain">Those to recipients of this domain, in letters or in A-labels (`xn--…`).</param>
    /// <param name="sender">Those from addresses of this domain, spelt as `domain`.</param>
    /// <param name="provider">
    /// Those whose last try came to a site of this provider. `~other`: of none that `shaping.json` knows; `~waiting`: no
    /// try has come to a site so far; `~none`: they ended before one did; `~unknown`: it came there, and how is not known.
    /// </param>
    /// <param name="source">Those whose last try went by this source, or from this local address of `default`.</param>
    /// <param name="reason">Those whose last try was refused or put off for this.</param>
    /// <param name="tag">Those with this tag.</param>
    /// <param name="stream">Those in this stream.</param>
    private static async Task<IResult> List(
        Caller caller, MessageGenerations read, WaitingMessages waiting, ContentStore content, DataDirectory data,
        Callers callers, TimeProvider time, CancellationToken cancel, [WordsOf<MessageStatus>] string? status = null,
        string? recipient = null, string? domain = null, string? sender = null, string? provider = null,
        string? source = null, [WordsOf<BounceReason>] string? reason = null, string? tag = null, string? stream = null,
        string? from = null, string? to = null, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var filter = new MessageFilter(
            Tenant: caller.Tenant, Status: ListQuery.Word<MessageStatus>("status", status, errors),
            Recipient: ParseRecipient(recipient, data, errors),
            Tag: tag, Stream: stream, From: ListQuery.Time("from", from, errors), To: ListQuery.Time("to", to, errors),
            Limit: ListQuery.Limit(limit, errors), Cursor: cursor)
        {
            Domain = ParseDomain("domain", domain, errors),
            Sender = ParseDomain("sender", sender, errors),
            Provider = provider,
            Source = source,
            Reason = ListQuery.Word<BounceReason>("reason", reason, errors),
        };
        if (errors.Count > 0) return Problem.Invalid(errors);

        var model = read.Current;
        MessagePage page;
        try { page = await model.List(filter, cancel); }
        catch (ArgumentException) { return Problem.Field("cursor", "is not a cursor of this list"); }
        var envelopes = await content.ReadEnvelopes(
            [.. page.Messages.Select(m => (m.Facts.Envelope, m.Id.Index))], cancel);
        var (why, now) = (await waiting.Of(page.Messages, cancel), time.GetUtcNow());
        var shown = await waiting.WithCause(caller, why, cancel);
        var last = await model.LastOutcomes(why.Where(w => w.Value.By == HeldBy.Due).Select(w => w.Key), cancel);
        return Answers.Json(new MessageListResponse(
            [.. page.Messages.Select(m => MessageResponse.Of(
                m, null, envelopes.GetValueOrDefault((m.Facts.Envelope, m.Id.Index)), null,
                WaitingResponse.Of(why.GetValueOrDefault(m.Id), m, last.GetValueOrDefault(m.Id), shown.Contains(m.Id), now),
                why.GetValueOrDefault(m.Id)?.Site, key => callers.Shows(caller, key), now).For(caller))],
            page.Next), MessageAnswers.Default.MessageListResponse);
    }

    private static string? ParseDomain(string field, string? name, List<FieldError> errors)
    {
        if (name is null) return null;
        // As recipients have it, so that what is found is spelt as it was kept.
        if (Mailbox.TryParse($"a@{name}", out var mailbox, out _)) return mailbox.AsciiDomain;
        errors.Add(new(field, "is no domain name"));
        return null;
    }

    private static Hash128? ParseRecipient(string? address, DataDirectory data, List<FieldError> errors)
    {
        if (address is null) return null;
        if (Mailbox.TryParse(address, out var mailbox, out var problem))
            return Hash128.OfAddress(mailbox.EnvelopeAddress, data.Installation.AddressKey);
        errors.Add(new("recipient", problem));
        return null;
    }
}
