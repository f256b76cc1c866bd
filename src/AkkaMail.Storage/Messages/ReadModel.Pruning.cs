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
        var all = 0L;
        (byte[], int)? from = ([], 0);
        while (from is { } after)
        {
            (var gone, from) = await _writer.Run(session => session.PruneMessages(after, cut, StepMax))
                .WaitAsync(cancel);
            all += gone;
        }
        return all;
    }

    /// <summary>Lines that were recorded too long ago, but those of messages that have not ended.</summary>
    public async Task<long> PruneLines(DateTimeOffset now, CancellationToken cancel)
    {
        if (_retention?.At(now) is not { } cut) return 0;
        var (all, feed) = (0L, ("", -1));
        while (await _writer.Run(session => session.NextFeed(feed)).WaitAsync(cancel) is { } next)
        {
            feed = next;
            (long, int)? from = (0, -1);
            while (from is { } after)
            {
                (var gone, from) = await _writer.Run(session => session.PruneLines(next, after, cut, StepMax))
                    .WaitAsync(cancel);
                all += gone;
            }
        }
        return all;
    }

    /// <summary>
    /// Which reports have been told, some time after their message went. Not while the model is made anew: it would
    /// count a report twice.
    /// </summary>
    public async Task<long> PruneTold(DateTimeOffset now, CancellationToken cancel)
    {
        if (_retention is null) return 0;
        var (all, gone) = (0L, StepMax);
        while (gone == StepMax)
        {
            gone = await _writer.Run(session => session.PruneTold(
                now - _retention.Messages - MessageRetention.ToldLonger, StepMax)).WaitAsync(cancel);
            all += gone;
        }
        return all;
    }
}
