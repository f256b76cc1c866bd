using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Engagement;

/// <summary>An address that takes mail and shows no life.</summary>
/// <param name="Address">The address. Absent once its envelopes have been erased.</param>
/// <param name="Delivered">Mails it took in the days that were asked about.</param>
/// <param name="FirstAt">When it took the first of them.</param>
/// <param name="LastAt">When it took the last of them.</param>
/// <param name="LastEngagedAt">When it last showed life, before those days. Absent: never.</param>
public sealed record UnengagedResponse(
    string? Address, long Delivered, DateTimeOffset FirstAt, DateTimeOffset LastAt, DateTimeOffset? LastEngagedAt);

/// <summary>
/// <paramref name="Engaged"/> is of how many recipients the tenant has ever told a sign of life: with 0 the list is of
/// all.
/// </summary>
/// <param name="Addresses">A page of addresses, in no order that means anything.</param>
/// <param name="Engaged">
/// Of how many recipients the tenant has ever told a sign of life. With 0 the list is of all.
/// </param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record UnengagedListResponse(
    IReadOnlyList<UnengagedResponse> Addresses, long Engaged, string? NextCursor);

/// <summary><c>GET /v1/hygiene/unengaged</c>: who never engages.</summary>
internal static class GetUnengaged
{
    private const int DaysDefault = 180, DeliveredDefault = 5, DeliveredMax = 10_000;

    /// <summary>
    /// Pages of the read model behind one answer: where nearly all engage it ends early, with a cursor.
    /// </summary>
    private const int RoundsMax = 10;

    public static void MapUnengaged(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/hygiene/unengaged", Get).Needs(Scopes.Read).WithName("GetUnengaged")
            .WithSummary("Addresses that were delivered to again and again, and have shown no life")
            .WithDescription($"delivered: at least so many mails (default {DeliveredDefault}) in days (default {DaysDefault}, "
                + $"1 to {RetentionOptions.FiguresKeptDays}) with no sign of life told by POST /v1/engagement in them. "
                + "A page may have fewer than `limit`; `next_cursor` says whether there are more.")
            .Produces<UnengagedListResponse>().Refuses(422);

    /// <param name="delivered">At least so many mails were delivered. Left out: 5.</param>
    /// <param name="days">In so many days up to now. Left out: 180.</param>
    private static async Task<IResult> Get(
        Caller caller, MessageGenerations read, EngagementStore store, ContentStore content, TimeProvider time,
        CancellationToken cancel, [Range(1, DeliveredMax)] string? delivered = null,
        [Range(1, RetentionOptions.FiguresKeptDays)] string? days = null, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var least = Number("delivered", delivered, DeliveredDefault, DeliveredMax, errors);
        var from = time.GetUtcNow().AddDays(-Number("days", days, DaysDefault, RetentionOptions.FiguresKeptDays, errors));
        var (count, next) = (ListQuery.Limit(limit, errors), Cursor(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var found = new List<(MailedAddress Mailed, DateTimeOffset? Engaged)>();
        for (var round = 0; round < RoundsMax && found.Count < count && next is { } first; round++)
        {
            var page = await read.Current.Mailed(caller.ActsFor, from, least, first, cancel);
            next = await Take(page, count, from, caller.ActsFor, store, found, cancel) ?? page.Next;
        }
        var addresses = await Addresses(found, content, cancel);
        return Answers.Json(
            new UnengagedListResponse(addresses, await store.Known(caller.ActsFor, cancel),
                next is { } there ? Convert.ToHexStringLower(there.ToBytes()) : null),
            EngagementAnswers.Default.UnengagedListResponse);
    }

    /// <summary>Adds those of a page that have shown no life; the first there was no room for.</summary>
    private static async Task<Hash128?> Take(
        MailedPage page, int count, DateTimeOffset from, string tenant, EngagementStore store,
        List<(MailedAddress Mailed, DateTimeOffset? Engaged)> found, CancellationToken cancel)
    {
        foreach (var some in page.Addresses.Chunk(EngagementStore.LookUpMax))
        {
            var last = await store.Last(tenant, [.. some.Select(p => p.Address)], cancel);
            foreach (var mailed in some)
            {
                DateTimeOffset? engaged = last.TryGetValue(mailed.Address, out var at) ? at : null;
                if (engaged >= from) continue;
                if (found.Count == count) return mailed.Address;
                found.Add((mailed, engaged));
            }
        }
        return null;
    }

    private static async Task<IReadOnlyList<UnengagedResponse>> Addresses(
        List<(MailedAddress Mailed, DateTimeOffset? Engaged)> found, ContentStore content, CancellationToken cancel)
    {
        var envelopes = await content.ReadEnvelopes(
            [.. found.Select(f => (f.Mailed.Envelope, f.Mailed.Index))], cancel);
        return [.. found.Select(f => new UnengagedResponse(
            envelopes.GetValueOrDefault((f.Mailed.Envelope, f.Mailed.Index))?.Find(f.Mailed.Index)?.Recipient.Address,
            f.Mailed.Delivered,
            f.Mailed.FirstAt, f.Mailed.LastAt, f.Engaged))];
    }

    private static int Number(string field, string? text, int usual, int most, List<FieldError> errors)
    {
        if (text is null) return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= most) return n;
        errors.Add(new(field, $"is not a number from 1 to {most}"));
        return usual;
    }

    private static Hash128? Cursor(string? text, List<FieldError> errors)
    {
        if (text is null) return default(Hash128);
        if (text.Length == 32 && text.All(char.IsAsciiHexDigit)) return Hash128.Read(Convert.FromHexString(text));
        errors.Add(new("cursor", "is not a cursor of this list"));
        return null;
    }
}
