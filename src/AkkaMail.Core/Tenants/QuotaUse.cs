using System.Collections.Immutable;

namespace AkkaMail.Core.Tenants;

/// <summary>
/// What of its quota a tenant has used, window by window, also of windows to come. It decides and repeats events; all
/// four windows are counted whatever the limits are, so that a limit that is changed finds its count.
/// </summary>
public sealed class QuotaUse
{
    /// <summary>What one node gets at a time, so that not every request of a busy tenant is a write.</summary>
    public const long BlockMax = 1_000;

    /// <summary>
    /// A node has this part of what is left in hand beside what it asked for: near the limit, nothing.
    /// </summary>
    private const long BlockPart = 16;

    /// <summary>
    /// Windows in memory before those that have passed are looked for. Mail is scheduled 37 days ahead at most, so a
    /// tenant that has some in every minute has 54,000 windows, about 3 MB.
    /// </summary>
    private const int TidyFrom = 64;

    private readonly Dictionary<(QuotaWindow Window, DateTimeOffset Start), long> _used = [];
    private int _tidyAt = TidyFrom;

    public long Used(QuotaWindow window, DateTimeOffset at) => _used.GetValueOrDefault((window, window.Start(at)));

    /// <summary>
    /// Room for <paramref name="count"/> from <paramref name="from"/> on, in the mode <c>schedule</c> until
    /// <paramref name="latest"/>; with <paramref name="asBlock"/> some more for what the node will be asked next.
    /// Decides only: it is taken when the event is applied.
    /// </summary>
    public QuotaAnswer Take(
        Quota quota, long count, DateTimeOffset from, DateTimeOffset latest, bool asBlock)
    {
        if (quota.TooSmallFor(count) is { } small) return new QuotaRefused(small, quota.LimitOf(small)!.Value, null);
        var at = from;
        QuotaLeft? first = null;
        while (Full(quota, count, at) is { } full)
        {
            var end = full.End(at);
            var (limit, left) = (quota.LimitOf(full)!.Value, LeftOf(quota, full, at)!.Value);
            if (quota.Mode == QuotaMode.Reject) return new QuotaRefused(full, limit, end) { Left = left };
            // What can wait no longer than its mail lives may be asked again when that much time has passed.
            if (end > latest) return new QuotaRefused(full, limit, from + (end - latest)) { Left = left };
            first ??= new(full, left);
            at = end;
        }
        var room = Tightest(quota, at);
        var extra = asBlock ? Math.Max(0, Math.Min((room.Count - count) / BlockPart, BlockMax - count)) : 0;
        var until = Quota.Windows.Where(w => quota.LimitOf(w) is not null).Min(w => w.End(at));
        return new QuotaGranted(at, until, count + extra, at > from)
        {
            Left = room with { Count = room.Count - count - extra },
            Full = first,
        };
    }

    public void Apply(IQuotaEvent @event)
    {
        var (at, count) = @event switch
        {
            QuotaTaken e => (e.For, e.Count),
            QuotaReturned e => (e.For, -e.Count),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "is no event of a quota"),
        };
        foreach (var window in Quota.Windows)
        {
            var key = (window, window.Start(at));
            var used = _used.GetValueOrDefault(key) + count;
            if (used > 0) _used[key] = used;
            else _used.Remove(key);
        }
        Tidy(@event.At);
    }

    public QuotaSnapshot ToSnapshot() => new(
        [.. _used.Select(u => new QuotaCount(u.Key.Window, u.Key.Start, u.Value))
            .OrderBy(c => c.Start).ThenBy(c => c.Window)]);

    public static QuotaUse From(QuotaSnapshot snapshot)
    {
        var use = new QuotaUse();
        foreach (var c in snapshot.Counts) use._used.Add((c.Window, c.Start), c.Used);
        return use;
    }

    /// <summary>Of the windows at <paramref name="at"/> without room for so many, the one that ends last.</summary>
    private QuotaWindow? Full(Quota quota, long count, DateTimeOffset at)
    {
        for (var i = Quota.Windows.Count - 1; i >= 0; i--)
        {
            var window = Quota.Windows[i];
            if (quota.LimitOf(window) is { } limit && Used(window, at) + count > limit) return window;
        }
        return null;
    }

    /// <summary>The window at <paramref name="at"/> with the least room; of several, the one that ends last.</summary>
    private QuotaLeft Tightest(Quota quota, DateTimeOffset at)
    {
        var tightest = new QuotaLeft(default, long.MaxValue);
        foreach (var window in Quota.Windows)
            if (LeftOf(quota, window, at) is { } left && left <= tightest.Count) tightest = new(window, left);
        return tightest;
    }

    /// <summary>Null: no limit. One made smaller than what is used leaves nothing, and not less than that.</summary>
    private long? LeftOf(Quota quota, QuotaWindow window, DateTimeOffset at) =>
        quota.LimitOf(window) is { } limit ? Math.Max(0, limit - Used(window, at)) : null;

    private void Tidy(DateTimeOffset now)
    {
        if (_used.Count < _tidyAt) return;
        foreach (var key in _used.Keys.Where(k => k.Window.End(k.Start) <= now).ToList()) _used.Remove(key);
        _tidyAt = Math.Max(TidyFrom, 2 * _used.Count);
    }
}

/// <summary>A fact in the journal of one tenant's quota; <see cref="At"/> is UTC.</summary>
public interface IQuotaEvent { DateTimeOffset At { get; } }

/// <summary>
/// So many recipients count in the windows of <paramref name="For"/>: a submission's, or a block's for one node.
/// </summary>
public sealed record QuotaTaken(DateTimeOffset At, DateTimeOffset For, long Count) : IQuotaEvent;

/// <summary>The rest of a block, or of what was not accepted after all.</summary>
public sealed record QuotaReturned(DateTimeOffset At, DateTimeOffset For, long Count) : IQuotaEvent;

public sealed record QuotaSnapshot(ImmutableArray<QuotaCount> Counts);

public readonly record struct QuotaCount(QuotaWindow Window, DateTimeOffset Start, long Used);

public abstract record QuotaAnswer;

/// <summary>
/// <paramref name="Count"/>, as much as was asked or a block, counts in the windows of <paramref name="For"/> and may
/// be used before <paramref name="Until"/>; <paramref name="IsLater"/>: not before <paramref name="For"/>.
/// </summary>
public sealed record QuotaGranted(DateTimeOffset For, DateTimeOffset Until, long Count, bool IsLater) : QuotaAnswer
{
    /// <summary>What is left beside <see cref="Count"/>; null: a node of before does not say.</summary>
    public QuotaLeft? Left { get; init; }

    /// <summary>
    /// The window of the time that was asked for, without room for so many, and what is left of it; null: it is not later,
    /// or a node of before does not say.
    /// </summary>
    public QuotaLeft? Full { get; init; }
}

/// <summary>Recipients that may still be taken in the <paramref name="Window"/> that has the least of them.</summary>
public sealed record QuotaLeft(QuotaWindow Window, long Count);

/// <summary>
/// There is no room in <paramref name="Window"/>; ask again at <paramref name="RetryAt"/>, null: never, it is more than
/// the window can hold.
/// </summary>
public sealed record QuotaRefused(QuotaWindow Window, long Limit, DateTimeOffset? RetryAt) : QuotaAnswer
{
    /// <summary>Fewer than were asked for; null: all of it, or a node of before does not say.</summary>
    public long? Left { get; init; }
}
