using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Options;
using AkkaMail.Storage.Engagement;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Messages;

/// <summary>
/// When recipients showed life last, asked while their mail waits to be accepted: so it has little time, and what does
/// not answer in it is missed.
/// </summary>
internal sealed class EngagementLookUp(
    EngagementStore store, EngagementMisses misses, IOptions<EngagementOptions> options, TimeProvider time)
    : IDisposable
{
    /// <summary>
    /// SQLite answers on the thread that asks, however long it takes: so each has one of its own, and a disk that hangs
    /// has these and no more.
    /// </summary>
    public const int AtOnceMax = 8;

    private readonly SemaphoreSlim _places = new(AtOnceMax, AtOnceMax);

    /// <summary>
    /// Of <paramref name="asked"/> those who ever showed life; null: nobody has, or it is not known in time.
    /// </summary>
    public async Task<Dictionary<Hash128, DateTimeOffset>?> Last(
        string tenant, IReadOnlyCollection<Hash128> asked, CancellationToken cancel)
    {
        if (store.KnowsNothing(tenant)) return null;
        try
        {
            return await Within(async ended =>
            {
                if (!await store.Knows(tenant, ended)) return null;
                var found = new Dictionary<Hash128, DateTimeOffset>();
                foreach (var some in asked.Distinct().Chunk(EngagementStore.LookUpMax))
                {
                    ended.ThrowIfCancellationRequested();
                    foreach (var (address, at) in await store.Last(tenant, some, ended)) found.Add(address, at);
                }
                return found;
            }, cancel);
        }
        catch (Exception e) when (e is StoreException or TimeoutException)
        {
            misses.Missed(tenant, asked.Count, e);
            return null;
        }
    }

    /// <summary><see cref="TimeoutException"/>: there was no answer in time, or no place to ask from.</summary>
    internal async Task<T> Within<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        var most = options.Value.LookUpTimeout;
        using var late = new CancellationTokenSource(most, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var token = ended.Token;
        try
        {
            await _places.WaitAsync(token);
            return await Task.Run(Ask, CancellationToken.None).WaitAsync(token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{EngagementStore.Name} did not answer in {most.TotalMilliseconds:0} ms");
        }

        async Task<T> Ask()
        {
            try { return await ask(token); }
            finally { _places.Release(); }
        }
    }

    public void Dispose() => _places.Dispose();
}
