using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// The keys of recent submissions, until the table of keys has them and every look-up there that came before has ended.
/// </summary>
internal sealed class IdempotencyKeys
{
    private readonly Dictionary<Hash128, IdempotencyUse> _uses = [];
    private readonly List<Entry> _new = [];
    private readonly Queue<(Entry Entry, long Number)> _stored = new();

    /// <summary>Up to which event the table has had them, and since when that is known.</summary>
    private readonly Queue<(long UpTo, DateTimeOffset At)> _kept = new();

    public int Count => _uses.Count;

    public bool TryFind(Hash128 key, out IdempotencyUse use) => _uses.TryGetValue(key, out use);

    public void Add(Hash128 key, IdempotencyUse use, DateTimeOffset at)
    {
        _uses[key] = use;
        _new.Add(new(key, use.Submission, at));
    }

    /// <summary>All that were added so far are in the journal, none of them behind this event.</summary>
    public void Stored(long number)
    {
        foreach (var entry in _new) _stored.Enqueue((entry, number));
        _new.Clear();
    }

    public void Kept(long upTo, DateTimeOffset now)
    {
        if (_stored.TryPeek(out var oldest) && oldest.Number <= upTo) _kept.Enqueue((upTo, now));
    }

    /// <summary>Those that the table has had since before <paramref name="before"/>.</summary>
    public void Forget(DateTimeOffset before)
    {
        while (_kept.TryPeek(out var kept) && kept.At < before)
        {
            _kept.Dequeue();
            while (_stored.TryPeek(out var oldest) && oldest.Number <= kept.UpTo)
            {
                var entry = _stored.Dequeue().Entry;
                // After its time a key may have been used anew.
                if (_uses.TryGetValue(entry.Key, out var use) && use.Submission == entry.Submission)
                    _uses.Remove(entry.Key);
            }
        }
    }

    public IEnumerable<(Hash128 Key, IdempotencyUse Use, DateTimeOffset At)> All() => _stored.Select(s => s.Entry)
        .Concat(_new).Where(e => _uses.TryGetValue(e.Key, out var use) && use.Submission == e.Submission)
        .Select(e => (e.Key, _uses[e.Key], e.At));

    private readonly record struct Entry(Hash128 Key, SubmissionId Submission, DateTimeOffset At);
}

/// <summary>
/// The first of the submissions a key stands for and how many they are, the hash of the request that used it, and when
/// the first was to be sent if that was later.
/// </summary>
internal readonly record struct IdempotencyUse(
    SubmissionId Submission, int Count, Hash128 Request, DateTimeOffset? SendAt);
