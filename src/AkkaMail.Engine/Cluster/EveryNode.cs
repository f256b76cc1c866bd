using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Engine.Cluster;

/// <summary>
/// What nodes answered, by their <see cref="NodeName"/>, in the order of their names; <paramref name="Silent"/> are
/// those of whom nothing is known.
/// </summary>
public sealed record NodeAnswers<T>(ImmutableSortedDictionary<string, T> ByNode, ImmutableArray<string> Silent);

/// <summary>
/// One question to the actor of the same name on each node that is up, or leaving and still has mail. Nobody waits longer
/// than <see cref="Patience"/>: a node that hangs must not take along what the others know, so it is named instead.
/// </summary>
public static class EveryNode
{
    /// <summary>For all of it, however many answers a node gives.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Answers of a node to one question; who has still more to say is silent.</summary>
    private const int AnswersMax = 100;

    /// <param name="name">The actor's name under <c>/user</c>, the same on every node.</param>
    public static async Task<NodeAnswers<T>> Ask<T>(
        ActorSystem system, string name, object question, CancellationToken cancel) where T : class
    {
        var all = await Ask<T>(system, name, question, _ => null, cancel);
        return new(all.ByNode.ToImmutableSortedDictionary(n => n.Key, n => n.Value[0]), all.Silent);
    }

    /// <summary>The same where an answer may be one page of several.</summary>
    /// <param name="askOn">The question for what comes behind an answer; null: that was all.</param>
    public static async Task<NodeAnswers<ImmutableArray<T>>> Ask<T>(
        ActorSystem system, string name, object question, Func<T, object?> askOn, CancellationToken cancel) where T : class
    {
        var cluster = Membership.Get(system);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var answers = await Task.WhenAll(Nodes(cluster).Select(async node => (NodeName.Of(node), await PagesOf(
            system.ActorSelection(new RootActorPath(node.Address) / "user" / name), question, askOn, patience.Token))));
        cancel.ThrowIfCancellationRequested();
        return new(
            answers.Where(a => !a.Item2.IsDefault).ToImmutableSortedDictionary(a => a.Item1, a => a.Item2),
            [.. answers.Where(a => a.Item2.IsDefault).Select(a => a.Item1).Order(StringComparer.Ordinal)]);
    }

    /// <summary>This one always: it answers before it is up, too.</summary>
    private static IEnumerable<UniqueAddress> Nodes(Membership cluster) => cluster.State.Members
        .Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving).Select(m => m.UniqueAddress)
        .Append(cluster.SelfUniqueAddress).Distinct();

    /// <summary>All of it or nothing, the default: half a list would be taken for the whole.</summary>
    private static async Task<ImmutableArray<T>> PagesOf<T>(
        ActorSelection actor, object question, Func<T, object?> askOn, CancellationToken cancel) where T : class
    {
        var pages = ImmutableArray.CreateBuilder<T>();
        for (var next = question; ;)
        {
            if (pages.Count == AnswersMax) return default;
            object? answer;
            try { answer = await actor.Ask<object>(next, cancel); }
            catch (OperationCanceledException) { return default; }
            if (answer is not T page) return default;   // Of another version, or a failure: it has said nothing of use.
            pages.Add(page);
            if (askOn(page) is not { } more) return pages.ToImmutable();
            next = more;
        }
    }
}
