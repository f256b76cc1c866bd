using System.Runtime.InteropServices;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// A queue's two lines, served 4 : 1 while both have mail: fresh mail never waits behind retries, and they do not
/// starve.
/// </summary>
internal sealed class WaitingQueue
{
    private const int FreshTurns = 4;
    private readonly Fifo _fresh = new(), _retries = new();
    private int _turn;

    public int Count => _fresh.Count + _retries.Count;

    public void Add(MessageId id, bool isRetry) => (isRetry ? _retries : _fresh).Enqueue(id);

    public bool TryTake(out MessageId id)
    {
        _turn = (_turn + 1) % (FreshTurns + 1);
        return _turn == 0 ? _retries.TryDequeue(out id) || _fresh.TryDequeue(out id)
            : _fresh.TryDequeue(out id) || _retries.TryDequeue(out id);
    }

    /// <summary>How many are taken before it, one or two more or less; null: it was not found.</summary>
    public int? Before(MessageId id, bool isRetry) => isRetry
        ? _retries.PositionOf(id) is { } r ? r + Math.Min(_fresh.Count, (r + 1) * FreshTurns) : null
        : _fresh.PositionOf(id) is { } f ? f + Math.Min(_retries.Count, f / FreshTurns) : null;

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
    }
}
