using System.Data.Common;
using AkkaMail.Storage.Postgres;

namespace AkkaMail.Storage.Messages;

/// <summary>What goes by time. In small steps: between them the projection has its turn.</summary>
public sealed partial class ReadModel
{
    private const int StepMax = 200;

    /// <summary>
    /// Messages that were accepted too long ago, with lines and tags, but those that have not ended or have ended just
    /// now. Counters stay.
    /// </summary>
    public async Task<long> PruneMessages(DateTimeOffset now, CancellationToken cancel)
    {
        if (_retention?.At(now) is not { } cut) return 0;
        if (_db is PostgresDatabase postgres) return await Drop(() => ReadPartitions.DropMessages(postgres, cut), cancel);
        var all = 0L;
        (byte[], int)? from = ([], 0);
        while (from is { } after)
        {
            (var gone, from) = await _writer.Run(session => ((SqliteReadSession)session).PruneMessages(after, cut, StepMax)).WaitAsync(cancel);
            all += gone;
        }
        return all;
    }

    /// <summary>Lines that were recorded too long ago, but those of messages that have not ended.</summary>
    public async Task<long> PruneLines(DateTimeOffset now, CancellationToken cancel)
    {
        if (_retention?.At(now) is not { } cut) return 0;
        if (_db is PostgresDatabase postgres) return await Drop(() =>
        {
            ReadPartitions.EnsureNext(postgres, now);
            return ReadPartitions.DropLines(postgres, cut, now);
        }, cancel);
        var (all, feed) = (0L, ("", -1));
        while (await _writer.Run(session => ((SqliteReadSession)session).NextFeed(feed)).WaitAsync(cancel) is { } next)
        {
            feed = next;
            (long, int)? from = (0, -1);
            while (from is { } after)
            {
                (var gone, from) = await _writer.Run(session => ((SqliteReadSession)session).PruneLines(next, after, cut, StepMax))
                    .WaitAsync(cancel);
                all += gone;
            }
        }
        return all;
    }

    /// <summary>
    /// Which reports have been told, some time after their message went. Not while the model is made anew: it would count
    /// a report twice.
    /// </summary>
    public async Task<long> PruneTold(DateTimeOffset now, CancellationToken cancel)
    {
        if (_retention is null) return 0;
        var before = now - _retention.Messages - MessageRetention.ToldLonger;
        if (_db is PostgresDatabase postgres) return await Drop(() => ReadPartitions.DropTold(postgres, before), cancel);
        var (all, gone) = (0L, StepMax);
        while (gone == StepMax)
        {
            gone = await _writer.Run(session => ((SqliteReadSession)session).PruneTold(before, StepMax)).WaitAsync(cancel);
            all += gone;
        }
        return all;
    }

    /// <summary>Beside the writer: a partition that goes takes no lock that it would wait for.</summary>
    private Task<long> Drop(Func<long> drop, CancellationToken cancel) => Task.Run(() =>
    {
        try { return drop(); }
        catch (DbException e) { throw _db.Fault(e); }
    }, cancel);
}
