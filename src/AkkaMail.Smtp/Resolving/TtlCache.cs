using System.Collections.Concurrent;

namespace AkkaMail.Smtp.Resolving;

/// <summary>A value and how long it may be used.</summary>
internal readonly record struct Timed<T>(T Value, TimeSpan Ttl);

/// <summary>Keeps answers for their time. Those who ask for the same at once share one query.</summary>
internal sealed class TtlCache<T>(int max, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    private sealed class Entry(Func<Task<Timed<T>>> query, TimeProvider time)
    {
        private readonly Lazy<Task<(T Value, DateTimeOffset Until)>> _answer = new(async () =>
        {
            var timed = await query();
            return (timed.Value, time.GetUtcNow() + timed.Ttl);
        });

        public Task<(T Value, DateTimeOffset Until)> Answer => _answer.Value;

        /// <summary>A query under way is not stale; one that broke (a bug) is asked again.</summary>
        public bool IsStale(DateTimeOffset now) =>
            _answer.IsValueCreated && Answer.IsCompleted
            && (!Answer.IsCompletedSuccessfully || Answer.Result.Until <= now);
    }

    /// <summary>
    /// The query itself is not cancelled with one of those who wait for it: its own timeout bounds it.
    /// </summary>
    public async ValueTask<(T Value, DateTimeOffset Until)> GetAsync(
        string key, Func<string, Task<Timed<T>>> query, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (_entries.TryGetValue(key, out var entry) && entry.IsStale(now))
        {
            _entries.TryRemove(KeyValuePair.Create(key, entry));
            entry = null;
        }
        if (entry is null)
        {
            if (_entries.Count >= max) MakeRoom(now);
            entry = _entries.GetOrAdd(key, static (k, s) => new Entry(() => s.query(k), s.time), (query, time));
        }
        return await entry.Answer.WaitAsync(cancel);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var pair in _entries)
            if (pair.Value.IsStale(now)) _entries.TryRemove(pair);
        // Still full of live answers: a tenth goes, whichever comes first. An LRU list would cost every hit.
        var excess = _entries.Count - max + Math.Max(1, max / 10);
        foreach (var pair in _entries.Take(Math.Max(0, excess))) _entries.TryRemove(pair);
    }
}
