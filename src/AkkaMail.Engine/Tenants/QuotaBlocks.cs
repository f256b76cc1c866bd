using System.Collections.Concurrent;
using Akka.Actor;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tenants;

/// <summary>
/// What this node has in hand of each tenant's quota. Most requests are served from it at once; one at a time of a
/// tenant asks for more, and the others wait for what it brings.
/// </summary>
public sealed class QuotaBlocks(Func<IActorRef> quotas, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Who was refused is not asked about again for so long: another node may have given something back, and a client
    /// that does not heed Retry-After must not keep the others from asking.
    /// </summary>
    private static readonly TimeSpan RefusalMemory = TimeSpan.FromSeconds(1);

    private static readonly QuotaUnavailable NoAnswer = new("no answer in time");

    private readonly ConcurrentDictionary<string, Slot> _slots = [];

    /// <summary>
    /// A <see cref="QuotaAnswer"/> or <see cref="QuotaUnavailable"/>. <paramref name="at"/> is the time the sender has
    /// asked for, null: now.
    /// </summary>
    public async Task<object> Take(
        string tenant, Quota quota, long count, DateTimeOffset? at, DateTimeOffset latest, CancellationToken cancel)
    {
        if (at is not null)
        {
            var exact = await Ask(new TakeQuota(tenant, quota, count, at, latest, null), cancel);
            return exact is QuotaGranted { Left: { } left } own
                ? own with { Left = left with { Count = left.Count + InHand(tenant, left.Window, own.For) } } : exact;
        }
        var slot = _slots.GetOrAdd(tenant, _ => new());
        if (slot.Take(quota, count, latest, time.GetUtcNow()) is { } atOnce) return atOnce;
        var began = time.GetUtcNow();
        if (!await slot.Gate.WaitAsync(Timeout, cancel)) return NoAnswer;
        try
        {
            if (slot.Take(quota, count, latest, time.GetUtcNow()) is { } meanwhile) return meanwhile;
            // Who waited while there was no answer need not hear the same one by one.
            if (slot.FailedSince(began)) return NoAnswer;
            var rest = slot.Empty();
            var answer = await Ask(new TakeQuota(tenant, quota, count, null, latest, rest), cancel);
            if (answer is QuotaRefused refused)
                slot.Refuse(new(quota, count, latest, refused, time.GetUtcNow() + RefusalMemory));
            if (answer is QuotaUnavailable) slot.Fail(time.GetUtcNow());
            if (answer is not QuotaGranted granted) return answer;
            var block = QuotaBlock.Of(quota, granted, count);
            slot.Fill(block);
            return granted with { Count = count, Left = block.LeftInAll };
        }
        finally { slot.Gate.Release(); }
    }

    /// <summary>What was granted is not used: the submission was not accepted, or had been before.</summary>
    public void GiveBack(string tenant, QuotaGranted grant)
    {
        if (_slots.TryGetValue(tenant, out var slot) && slot.TakeBack(grant, time.GetUtcNow())) return;
        quotas().Tell(new ReturnQuota(tenant, new(grant.For, grant.Count)), ActorRefs.NoSender);
    }

    /// <summary>What this node has in hand of the windows that <paramref name="at"/> is in.</summary>
    public long InHand(string tenant, QuotaWindow window, DateTimeOffset at) =>
        _slots.GetValueOrDefault(tenant)?.Block is { } b && window.Start(b.For) == window.Start(at) ? b.Left : 0;

    /// <summary>Gives back what has not been used since the last call; forgets who has nothing.</summary>
    public void ReturnIdle(bool all = false)
    {
        foreach (var (tenant, slot) in _slots)
        {
            if (!all && slot.IsInUse(time.GetUtcNow())) continue;
            if (slot.Empty() is { } rest) quotas().Tell(new ReturnQuota(tenant, rest), ActorRefs.NoSender);
            else _slots.TryRemove(new(tenant, slot));
        }
    }

    private async Task<object> Ask(TakeQuota question, CancellationToken cancel)
    {
        try { return await quotas().Ask<object>(question, Timeout, cancel); }
        catch (AskTimeoutException) { return NoAnswer; }
    }

    /// <summary>One tenant's.</summary>
    private sealed class Slot
    {
        private readonly Lock _lock = new();
        private QuotaBlock? _block;
        private Refusal? _refusal;
        private DateTimeOffset _failedAt = DateTimeOffset.MinValue;
        private bool _used;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public QuotaBlock? Block
        {
            get { lock (_lock) return _block; }
        }

        public QuotaAnswer? Take(Quota quota, long count, DateTimeOffset latest, DateTimeOffset now)
        {
            lock (_lock)
            {
                _used = true;
                if (_block is { } block && block.Has(quota, count, latest, now))
                {
                    _block = block with { Left = block.Left - count };
                    return _block.Grant(count, now);
                }
                return _refusal is { } r && r.Holds(quota, count, latest, now) ? r.Why : null;
            }
        }

        public void Fill(QuotaBlock block)
        {
            lock (_lock) (_block, _refusal) = (block, null);
        }

        public void Refuse(Refusal refusal)
        {
            lock (_lock) _refusal = refusal;
        }

        public void Fail(DateTimeOffset now)
        {
            lock (_lock) _failedAt = now;
        }

        public bool FailedSince(DateTimeOffset began)
        {
            lock (_lock) return _failedAt >= began;
        }

        public QuotaRest? Empty()
        {
            lock (_lock)
            {
                var rest = _block is { Left: > 0 } block ? new QuotaRest(block.For, block.Left) : null;
                _block = null;
                return rest;
            }
        }

        /// <summary>False when the block it came from is not there any more.</summary>
        public bool TakeBack(QuotaGranted grant, DateTimeOffset now)
        {
            lock (_lock)
            {
                if (_block is not { } block || block.For != grant.For || now >= block.Until) return false;
                (_block, _refusal) = (block with { Left = block.Left + grant.Count }, null);
                return true;
            }
        }

        /// <summary>Somebody has taken of it since the last call, and could still.</summary>
        public bool IsInUse(DateTimeOffset now)
        {
            lock (_lock)
            {
                var was = _used && !(now >= _block?.Until);
                _used = false;
                return was;
            }
        }
    }

    /// <summary>What was refused; who asks for as much or more, and can wait no longer, gets the same answer.</summary>
    private sealed record Refusal(
        Quota Quota, long Count, DateTimeOffset Latest, QuotaRefused Why, DateTimeOffset Until)
    {
        public bool Holds(Quota quota, long count, DateTimeOffset latest, DateTimeOffset now) =>
            now < Until && !(now >= Why.RetryAt) && count >= Count && quota == Quota
            && (quota.Mode == QuotaMode.Reject || latest <= Latest);
    }
}
