using System.Runtime.InteropServices;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// What waits in a queue: fresh mail and retries, served 4 : 1 while there are both, so that fresh mail never waits
/// behind retries, and they do not starve. Of fresh mail the recipients who showed life of late go first, within the
/// bound of <see cref="FreshHead.LeadMax"/>. When a message was due is its ledger's to know; null: it waits no longer.
/// </summary>
internal sealed class WaitingQueue
{
    private const int FreshTurns = 4;
    private readonly Fifo _fresh = new();

    // Most queues never have one of these.
    private Fifo? _engaged, _retries;
    private int _turn;

    public int Count => _fresh.Count + EngagedCount + RetryCount;

    private int EngagedCount => _engaged?.Count ?? 0;
    private int RetryCount => _retries?.Count ?? 0;

    public void Add(MessageId id, bool isRetry, bool isEngaged) =>
        (isRetry ? _retries ??= new() : isEngaged ? _engaged ??= new() : _fresh).Enqueue(id);

    public bool TryTake(Func<MessageId, long?> dueOf, out MessageId id)
    {
        _turn = (_turn + 1) % (FreshTurns + 1);
        if (_engaged is null && _retries is null) return _fresh.TryDequeue(out id);
        return _turn == 0 ? TryTakeRetry(out id) || TryTakeFresh(dueOf, out id)
            : TryTakeFresh(dueOf, out id) || TryTakeRetry(out id);
    }

    /// <summary>The fresh message that is next; null: there is none.</summary>
    public FreshHead? Head(Func<MessageId, long?> dueOf)
    {
        var (engaged, other) = (FirstOf(_engaged, dueOf), FirstOf(_fresh, dueOf));
        if (engaged is { } due && (other is not { } o || FreshHead.EngagedGoesFirst(due, o)))
            return new(new(due, TimeSpan.Zero), other is { } first
                ? Math.Max(1, _engaged!.UpTo(first + FreshHead.LeadMax.Ticks, dueOf)) : EngagedCount);
        return other is { } at ? new(new(at, TimeSpan.Zero), 0) : null;
    }

    /// <summary>
    /// How many are taken before it, one or two more or less, and how many of these go first because their recipients
    /// showed life of late, beside one that did not; null: it was not found.
    /// </summary>
    public (int All, int Engaged)? Before(
        MessageId id, bool isRetry, bool isEngaged, long due, Func<MessageId, long?> dueOf)
    {
        if (isRetry)
            return _retries?.PositionOf(id) is { } r
                ? (r + Math.Min(_fresh.Count + EngagedCount, (r + 1) * FreshTurns), 0) : null;
        if ((isEngaged ? _engaged : _fresh)?.PositionOf(id) is not { } own) return null;
        var engaged = isEngaged ? 0 : _engaged?.UpTo(due + FreshHead.LeadMax.Ticks, dueOf) ?? 0;
        var others = isEngaged ? _fresh.UpTo(due - FreshHead.LeadMax.Ticks - 1, dueOf) : 0;
        var fresh = own + engaged + others;
        return (fresh + Math.Min(RetryCount, fresh / FreshTurns), engaged);
    }

    private bool TryTakeFresh(Func<MessageId, long?> dueOf, out MessageId id)
    {
        if (_engaged is null || !_engaged.TryPeek(out var engaged)) return _fresh.TryDequeue(out id);
        if (!_fresh.TryPeek(out var other)) return _engaged.TryDequeue(out id);
        // One that waits no longer goes, too: whoever takes it passes over it.
        var isEngaged = dueOf(engaged) is not { } due || dueOf(other) is { } at && FreshHead.EngagedGoesFirst(due, at);
        return (isEngaged ? _engaged : _fresh).TryDequeue(out id);
    }

    private bool TryTakeRetry(out MessageId id)
    {
        id = default;
        return _retries is not null && _retries.TryDequeue(out id);
    }

    /// <summary>When the first that still waits was due; those before it are gone.</summary>
    private static long? FirstOf(Fifo? line, Func<MessageId, long?> dueOf)
    {
        while (line is not null && line.TryPeek(out var id))
        {
            if (dueOf(id) is { } due) return due;
            line.TryDequeue(out _);
        }
        return null;
    }

    /// <summary>First in, first out, and a look at where one is.</summary>
    private sealed class Fifo
    {
        /// <summary>
        /// As far as one is looked for where it should be, and from the front: a ledger has more to do than to count.
        /// </summary>
        private const int Near = 128, FrontMax = 2_000;

        private static readonly Comparer<MessageId> ByTime = Comparer<MessageId>.Create((a, b) =>
            a.Submission.CompareTo(b.Submission) is not 0 and var order ? order : a.Index.CompareTo(b.Index));

        private readonly List<MessageId> _items = [];
        private int _head;

        public int Count => _items.Count - _head;

        public void Enqueue(MessageId id) => _items.Add(id);

        public bool TryPeek(out MessageId id)
        {
            id = Count == 0 ? default : _items[_head];
            return Count > 0;
        }

        public bool TryDequeue(out MessageId id)
        {
            id = default;
            if (Count == 0) return false;
            id = _items[_head++];
            if (_head == _items.Count)
            {
                _items.Clear();
                _head = 0;
            }
            else if (_head >= 4_096 && _head > _items.Count / 2)
            {
                _items.RemoveRange(0, _head);
                _head = 0;
            }
            return true;
        }

        /// <summary>
        /// Ids begin with their time, so those that came one after the other are nearly sorted; what came later than
        /// its id says (it was scheduled, it is a retry) is looked for from the front.
        /// </summary>
        public int? PositionOf(MessageId id)
        {
            var all = CollectionsMarshal.AsSpan(_items)[_head..];
            var guess = all.BinarySearch(id, ByTime);
            if (guess < 0) guess = ~guess;
            var from = Math.Max(0, guess - Near);
            var near = all[from..Math.Min(all.Length, guess + Near)].IndexOf(id);
            if (near >= 0) return from + near;
            var front = all[..Math.Min(all.Length, FrontMax)].IndexOf(id);
            return front >= 0 ? front : null;
        }

        /// <summary>
        /// How many were due by a time in UTC ticks. They came as they were due, nearly; one that waits no longer is
        /// taken for as old as its id.
        /// </summary>
        public int UpTo(long due, Func<MessageId, long?> dueOf)
        {
            var (from, to) = (_head, _items.Count);
            while (from < to)
            {
                var middle = from + (to - from) / 2;
                var at = dueOf(_items[middle]) ?? _items[middle].Submission.CreatedAt.UtcTicks;
                if (at <= due) from = middle + 1;
                else to = middle;
            }
            return from - _head;
        }
    }
}
