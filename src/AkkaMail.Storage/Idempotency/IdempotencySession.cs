using System.Data.Common;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Storage.Idempotency;

/// <summary>The statements of <see cref="IdempotencyStore"/>; each call is part of one transaction.</summary>
internal sealed class IdempotencySession : Session
{
    private readonly DbCommand _place, _setPlace, _key, _prune;

    public IdempotencySession(Database database) : base(database)
    {
        _place = Prepare("SELECT seq FROM places WHERE partition = @p", "@p");
        _setPlace = Prepare("""
            INSERT INTO places VALUES (@p, @s) ON CONFLICT (partition) DO UPDATE SET seq = excluded.seq
                WHERE excluded.seq > places.seq
            """, "@p", "@s");
        // Ledgers are read at their own pace: an older use must not take the place of a newer one.
        _key = Prepare("""
            INSERT INTO keys AS k (key, submission, submissions, request, send_at, expires_at)
            VALUES (@k, @s, @n, @r, @a, @e)
            ON CONFLICT (key) DO UPDATE SET
                submission = excluded.submission, submissions = excluded.submissions, request = excluded.request,
                send_at = excluded.send_at, expires_at = excluded.expires_at
            WHERE excluded.expires_at >= k.expires_at
            """, "@k", "@s", "@n", "@r", "@a", "@e");
        _prune = Prepare("""
            DELETE FROM keys WHERE key IN (SELECT key FROM keys WHERE expires_at < @now LIMIT @n)
            """, "@now", "@n");
    }

    /// <summary>What is at or below the place is skipped; uses before <paramref name="since"/> are over.</summary>
    public bool Follow(int partition, IReadOnlyList<NumberedEvent> events, DateTimeOffset since)
    {
        var place = Bind(_place, partition).ExecuteScalar() as long? ?? 0;
        foreach (var (number, e) in events)
            if (number > place && e is SubmissionsAccepted accepted && accepted.At > since)
                foreach (var submission in accepted.Submissions) Add(submission, accepted.At);
        if (events[^1].SequenceNr <= place) return false;
        Bind(_setPlace, partition, events[^1].SequenceNr).ExecuteNonQuery();
        return true;
    }

    private void Add(AcceptedSubmission submission, DateTimeOffset at)
    {
        if (submission.Key is not { } key) return;
        var sendAt = submission.Facts.SendAt is { } later && later > at ? later.UtcTicks : (long?)null;
        Bind(_key, key.Key.ToBytes(), StoredForm.Bytes(submission.Id), key.Count, key.Request.ToBytes(), sendAt,
            (at + IdempotencyStore.Kept).UtcTicks).ExecuteNonQuery();
    }

    public long Prune(long now, int max) => Bind(_prune, now, max).ExecuteNonQuery();
}
