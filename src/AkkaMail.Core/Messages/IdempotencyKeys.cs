using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// The keys of recent submissions, until the read model has them and every older look-up there has ended.
/// </summary>
internal sealed class IdempotencyKeys
{
    private readonly Dictionary<Hash128, IdempotencyUse> _uses = [];
    private readonly Queue<(Hash128 Key, DateTimeOffset At)> _order = new();

    public int Count => _uses.Count;

    public bool TryFind(Hash128 key, out IdempotencyUse use) => _uses.TryGetValue(key, out use);

    public void Add(Hash128 key, IdempotencyUse use, DateTimeOffset at)
    {
        _uses[key] = use;
        _order.Enqueue((key, at));
    }

    public void Forget(DateTimeOffset projectedUpTo, DateTimeOffset olderThan)
    {
        while (_order.TryPeek(out var oldest) && oldest.At <= projectedUpTo && oldest.At < olderThan)
            _uses.Remove(_order.Dequeue().Key);
    }

    public IEnumerable<(Hash128 Key, IdempotencyUse Use, DateTimeOffset At)> All() =>
        _order.Where(o => _uses.ContainsKey(o.Key)).Select(o => (o.Key, _uses[o.Key], o.At));
}

/// <summary>
/// The first of the submissions a key stands for and how many they are, the hash of the request that used it, and when
/// the first was to be sent if that was later.
/// </summary>
internal readonly record struct IdempotencyUse(
    SubmissionId Submission, int Count, Hash128 Request, DateTimeOffset? SendAt);
