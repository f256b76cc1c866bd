using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// When a deferred message is tried again: <paramref name="FirstDelay"/>, doubled at each try up to
/// <paramref name="MaxDelay"/>, moved by up to ± <paramref name="Jitter"/> (0..0.5 of the delay) so that mail deferred
/// together does not come back together. RFC 5321 §4.5.4.1 asks for at least 30 minutes in general but allows a shorter
/// first wait; greylisting releases after 5 to 15.
/// </summary>
public sealed record RetrySchedule(TimeSpan FirstDelay, TimeSpan MaxDelay, double Jitter)
{
    public static RetrySchedule Default { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromHours(4), 0.1);

    /// <summary>The wait after attempt <paramref name="number"/> (from 1), before jitter.</summary>
    public TimeSpan Delay(int number)
    {
        var doublings = Math.Min(number - 1, 20);   // Far beyond any maximum already.
        var delay = FirstDelay * Math.Pow(2, doublings);
        return delay < MaxDelay ? delay : MaxDelay;
    }

    /// <summary>
    /// The due time after an attempt ended at <paramref name="now"/>. Jitter comes from the attempt's own id, so the
    /// same history always gives the same schedule.
    /// </summary>
    public DateTimeOffset Next(MessageId id, int number, DateTimeOffset now)
    {
        var mixed = Mix(id.Submission.Low ^ ((ulong)id.Index << 32) ^ (uint)number);
        var share = (mixed >> 11) * (1.0 / (1UL << 53));   // 0..1
        return now + Delay(number) * (1 + Jitter * (2 * share - 1));
    }

    // The finalizer of MurmurHash3: every input bit reaches every output bit.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDUL;
        x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return x ^ (x >> 33);
    }
}
