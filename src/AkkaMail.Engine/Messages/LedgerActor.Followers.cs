using Akka.Actor;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Projecting;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>Who reads what this ledger has stored: reactors, and each generation of the projection <c>messages</c>.</summary>
public sealed partial class LedgerActor
{
    private readonly Dictionary<string, IActorRef> _followers = [];

    /// <summary>How far each generation is; the first is the one that is read.</summary>
    private List<(int Generation, long UpTo)> _generations = [];

    private void FollowGenerations()
    {
        var all = _parts.Readers.Messages();
        foreach (var gone in _generations.Where(g => !all.Any(p => p.Generation == g.Generation)))
            if (_followers.Remove(NameOf(all[0].Name, gone.Generation), out var follower)) Context.Stop(follower);
        _generations = [.. all.Select(p => (p.Generation, _generations.Find(g => g.Generation == p.Generation).UpTo))];
        foreach (var projection in all) Follow(NameOf(projection.Name, projection.Generation), projection);
        _parts.Metrics.ReadFrom(_ledger.Partition, (all[0].Name, all[0].Generation));
        // Another may be read now that is further, and has nothing more to store: reactors wait for its word.
        if (_generations[0] is { UpTo: > 0 } read) Acknowledge(new Projected(read.Generation, read.UpTo));
    }

    /// <summary>The word of a change may have been lost.</summary>
    private void LookForGenerations()
    {
        if (!_parts.Readers.Messages().Select(p => p.Generation).SequenceEqual(_generations.Select(g => g.Generation)))
            FollowGenerations();
    }

    private static string NameOf(string projection, int generation) => $"{projection}-{generation}";

    private void Follow(string name, JournalReader reader)
    {
        if (_followers.TryGetValue(name, out var known))
        {
            if (reader is Projection projection) known.Tell(new FollowAs(projection));
            return;
        }
        var follower = _followers[name] = Context.ActorOf(
            FollowerActor.Props(_ledger.Partition, _parts.OfFollower(PersistenceId, reader)), name);
        follower.Tell(new Committed(_unprojected.All(), LastSequenceNr));
    }

    private void TellFollowers(object message)
    {
        foreach (var follower in _followers.Values) follower.Tell(message);
    }

    private void Acknowledge(Projected p)
    {
        var i = _generations.FindIndex(g => g.Generation == p.Generation);
        if (i < 0) return;   // It was dropped meanwhile.
        _generations[i] = (p.Generation, p.UpTo);
        if (i == 0) TellFollowers(p);   // Reactors go no further than that.
        _unprojected.Acknowledge(Forgettable());
    }

    /// <summary>As it is stored: what a commit under way has decided is not in it.</summary>
    private LedgerStand Stand() => new(
        _ledger.Partition, _parts.Node, _parts.Metrics.UnfinishedOf(_ledger.Partition), _unprojected.Newest,
        _unprojected.Projected, [.. _generations.Select(g => PlaceOf(g.Generation)).OfType<GenerationPlace>()])
    {
        HeldBy = _parts.Builds.HeldBy,
        CommitP99 = _commits.P99(Now),
    };

    private GenerationPlace? PlaceOf(int generation)
    {
        var name = _parts.Readers.Messages()[0].Name;
        if (_parts.Metrics.PlaceOf(name, generation, _ledger.Partition) is not { } place) return null;
        var (events, facts) = _parts.Builds.RatesOf(name, generation);
        return new(generation, place.Place, place.Lacks, events, facts);
    }

    /// <summary>
    /// A generation that has caught up may be the one that is read from one moment to the next: what it does not have yet
    /// is kept for it. Not where much waits already: no build may cost a 202.
    /// </summary>
    private long Forgettable()
    {
        var upTo = _generations[0].UpTo;
        if (_unprojected.Changes >= _parts.Settings.UnprojectedMax / 2) return upTo;
        foreach (var (_, place) in _generations.Skip(1))
            if (place > LastSequenceNr - Projection.KeptBeside) upTo = Math.Min(upTo, place);
        return upTo;
    }

    private void Acknowledge(Followed f)
    {
        if (f.Reactor == _parts.Readers.Keys.Name) _ledger.KeysKept(f.UpTo, Now);
    }
}
