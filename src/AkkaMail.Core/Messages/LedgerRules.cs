using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Messages;

/// <summary>
/// The policy a ledger decides by. <paramref name="UnfinishedMax"/> bounds its memory: at the bound a submission is
/// refused (503), never dropped. <paramref name="KeyMemory"/> is how long a key stays in memory after the table of keys
/// has it: longer than any request that looked there before can be under way.
/// </summary>
public sealed record LedgerRules(RetrySchedule Retry, int UnfinishedMax, TimeSpan KeyMemory)
{
    /// <summary>
    /// The schedule for a tenant's stream to a site; null: <see cref="Retry"/>. Asked anew each time.
    /// </summary>
    public Func<string, string, string, RetrySchedule?> RetryOf { get; init; } = (_, _, _) => null;

    public static LedgerRules Default { get; } = new(RetrySchedule.Default, 1_000_000, TimeSpan.FromMinutes(2));
}
