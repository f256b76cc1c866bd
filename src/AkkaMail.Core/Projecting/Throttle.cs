using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Projecting;

/// <summary>
/// How a node is doing: how old the oldest event is that lists do not have yet, and how long a group commit of its ledgers
/// takes at the 99th percentile.
/// </summary>
public readonly record struct LiveSigns(TimeSpan Lag, TimeSpan CommitP99);

/// <summary>What a build waits for.</summary>
public enum BuildHold : byte
{
    /// <summary>Lists are behind.</summary>
    [Word("projector_lag")] ProjectorLag = 1,

    /// <summary>Commits take long, and with them each 202.</summary>
    [Word("commits")] Commits = 2,
}

/// <summary>How a generation is built beside the one in use, so that nobody who sends mail notices.</summary>
public static class Throttle
{
    /// <summary>The share of one core that a build may be given; all of it when nothing is said.</summary>
    public const double Min = 0.05, Max = 1;

    public static readonly TimeSpan LagMax = TimeSpan.FromSeconds(1), CommitMax = TimeSpan.FromMilliseconds(50);

    /// <summary>A page that took long, because all did, must not stop the build for minutes.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After so long a page passes all the same: where the lists that are read cannot be written any more, the build is the
    /// way out, and there are disks that are always slow.
    /// </summary>
    public static readonly TimeSpan HeldMax = TimeSpan.FromSeconds(5);

    /// <summary>Null: nothing is in the way.</summary>
    public static BuildHold? HoldOf(LiveSigns signs) => signs switch
    {
        _ when signs.Lag > LagMax => BuildHold.ProjectorLag,
        _ when signs.CommitP99 > CommitMax => BuildHold.Commits,
        _ => null,
    };

    /// <summary>After work that took <paramref name="took"/>, so that it is <paramref name="share"/> of the time.</summary>
    public static TimeSpan Rest(TimeSpan took, double share) =>
        took * (1 / Math.Clamp(share, Min, Max) - 1) is var rest && rest < RestMax ? rest : RestMax;
}
