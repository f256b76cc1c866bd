using AkkaMail.Core.Messages;

namespace AkkaMail.Engine.Messages;

/// <summary>
/// Bounds of a ledger actor: <paramref name="CommitMax"/> commands a group commit, <paramref name="GatheredMax"/>
/// commands waiting for one (a submission beyond it is refused at once), <paramref name="UnprojectedMax"/> messages the
/// read model may be behind before submissions are refused, a snapshot every <paramref name="SnapshotEvery"/> events
/// or every tenth of the unfinished messages, whichever is more.
/// </summary>
public sealed record LedgerSettings(
    LedgerRules Rules, int CommitMax = 500, int GatheredMax = 5_000, int UnprojectedMax = 100_000,
    int SnapshotEvery = 2_000)
{
    /// <summary>
    /// How long hand-outs, results and timers wait for a submission to share its commit with. Somebody waits for a 202;
    /// nobody waits for these, and a commit of their own would make the next 202 wait behind it.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long an attempt may run before the ledger asks its node whether it still does.</summary>
    public TimeSpan AttemptSilence { get; init; } = TimeSpan.FromMinutes(5);
}
