using Akka.Actor;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Cluster;

/// <summary>How this node stands with the database that all nodes share. By default, as with files: always well.</summary>
/// <param name="IsReached">As of the last sign of life that it wrote there, or could not.</param>
/// <param name="GiveUp">Takes this node out of the cluster, for that reason: others begin with its ledgers at once.</param>
public sealed record DatabaseReach(Func<bool> IsReached, Action<string> GiveUp);

/// <summary>
/// One a node, at <c>/user/database-watch</c>. A node that alone cannot reach the database is no use where it is: its
/// ledgers take nothing and deliver nothing, while others could have them. So after <see cref="LostMax"/> it asks the others,
/// and gives up when one of them reaches it; not as at SIGTERM, since nothing that ends here could be stored. When none does
/// it is the database that is away, and everybody waits for it.
/// </summary>
public sealed class DatabaseWatch : ReceiveActor, IWithTimers
{
    public const string Name = "database-watch";

    /// <summary>What a restart of the database may take without anybody going.</summary>
    public static readonly TimeSpan LostMax = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Of another's word: for so long. When the database comes back somebody is the first who notices, and whoever has not
    /// tried again by then is cut off.
    /// </summary>
    public static readonly TimeSpan SureAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1), AskEvery = TimeSpan.FromSeconds(3);

    private readonly DatabaseReach _database;
    private readonly Func<Task<TimeSpan>> _longest;
    private readonly TimeProvider _time;
    private bool _isReached = true, _hasGivenUp;
    private TimeSpan _since, _asked;

    /// <param name="longest">For how long the node has reached it that has reached it longest, of all that answer.</param>
    public static Props Props(DatabaseReach database, Func<Task<TimeSpan>> longest, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new DatabaseWatch(database, longest, time));

    public DatabaseWatch(DatabaseReach database, Func<Task<TimeSpan>> longest, TimeProvider time)
    {
        (_database, _longest, _time) = (database, longest, time);
        _since = Now;
        Receive<AskDatabase>(_ => Sender.Tell(new DatabaseReached(_isReached ? Now - _since : TimeSpan.Zero)));
        Receive<Look>(_ => LookNow());
        Receive<Longest>(l =>
        {
            if (_isReached || l.For < SureAfter || _hasGivenUp) return;
            _hasGivenUp = true;
            _database.GiveUp(
                $"it has not reached the database for {LostMax.TotalSeconds:0} s, and others do: they go on with its mail");
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("look", Look.Instance, LookEvery);

    private void LookNow()
    {
        if (_database.IsReached() != _isReached) (_isReached, _since) = (!_isReached, Now);
        if (_isReached || Now - _since < LostMax || Now - _asked < AskEvery) return;
        _asked = Now;
        _longest().PipeTo(Self, success: f => new Longest(f), failure: _ => new Longest(TimeSpan.Zero));
    }

    /// <summary>Of a clock that only goes forward.</summary>
    private TimeSpan Now => _time.GetElapsedTime(0);

    private sealed record Look : INoSerializationVerificationNeeded { public static Look Instance { get; } = new(); }

    private sealed record Longest(TimeSpan For) : INoSerializationVerificationNeeded;
}
