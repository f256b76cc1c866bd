using System.Collections.Immutable;
using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Messages;

/// <summary>
/// Submissions with their place in the tenant's quota (null: it has none), or why they are not taken.
/// </summary>
internal sealed record Admission(ImmutableArray<ValidSend> Sends, QuotaGranted? Grant, Refusal? Refusal)
{
    /// <summary>What the grant leaves; null: there is no quota, or a node of before granted it.</summary>
    public Allowance? Left { get; init; }

    /// <summary>Refused, or later than it asked for. If it is a repeat, the first answer stands all the same.</summary>
    public bool IsDifferent => Refusal is not null || Grant is { IsLater: true };
}

/// <summary>Takes each submission's recipients from the quota of its tenant, before anything of it is stored.</summary>
internal sealed class QuotaGate(QuotaBlocks blocks, TimeProvider time)
{
    /// <summary>
    /// All of them at once: where there is room only later, they go together. <paramref name="hasOwnEnd"/>: the caller has
    /// said when it expires, and that does not move.
    /// </summary>
    public async Task<Admission> Admit(
        string tenant, Quota? quota, ImmutableArray<ValidSend> sends, bool hasOwnEnd, CancellationToken cancel)
    {
        if (quota is null) return new(sends, null, null);
        var count = sends.Sum(send => send.Envelope.Recipients().Count());
        if (quota.TooSmallFor(count) is { } window)
            return new(sends, null, Refusal.Field("to", $"has {count} recipients, and the tenant's quota is "
                + $"{Text(quota.LimitOf(window)!.Value)} a {window.ToWord()}"));
        var latest = sends.Min(send => send.ExpiresAt) - SendLimits.Default.LifeMin;
        var at = sends.Max(send => send.SendAt);
        return await blocks.Take(tenant, quota, count, at, latest, cancel) switch
        {
            QuotaGranted granted => new(granted.IsLater
                ? [.. sends.Select(send => Later(send, granted.For, hasOwnEnd))] : sends, granted, null)
            {
                // Of mail that is put off: what is full, for a program that slows down by what is left.
                Left = granted.Full is { } full ? Allowed(full, at ?? time.GetUtcNow())
                    : granted.Left is { } left ? Allowed(left, granted.For) : null,
            },
            QuotaRefused refused => new(sends, null, Refused(refused, quota.Mode)),
            QuotaUnavailable => new(sends, null,
                Refusal.Unavailable("The quota does not answer; nothing was promised and nothing of it was used.")),
            var other => throw new InvalidOperationException($"{other} is no answer about a quota"),
        };

        Allowance Allowed(QuotaLeft left, DateTimeOffset within) =>
            new(quota.LimitOf(left.Window)!.Value, left.Count, left.Window.End(within));
    }

    /// <summary>It was not accepted, or had been before.</summary>
    public void GiveBack(string tenant, QuotaGranted? grant)
    {
        if (grant is not null) blocks.GiveBack(tenant, grant);
    }

    private static ValidSend Later(ValidSend send, DateTimeOffset at, bool hasOwnEnd) => send with
    {
        SendAt = at,
        ExpiresAt = hasOwnEnd ? send.ExpiresAt : at + SendLimits.Default.Life,
    };

    private Refusal Refused(QuotaRefused refused, QuotaMode mode)
    {
        var quota = $"The tenant's quota is {Text(refused.Limit)} recipients a {refused.Window.ToWord()}";
        var wait = (refused.RetryAt ?? time.GetUtcNow()) - time.GetUtcNow();
        return new(RefusalCode.OverQuota, "The quota is used up", mode == QuotaMode.Reject
            ? $"{quota}; there is room again at {refused.RetryAt:yyyy-MM-ddTHH:mm:ssZ}."
            : $"{quota}, and the mail would expire before there is room.")
        {
            RetryAfter = wait,
            Limit = refused.Limit,
            Remaining = refused.Left,
        };
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
