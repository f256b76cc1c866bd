using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

/// <summary>Sources that are bound to nodes of a real cluster: mail leaves from where its source is.</summary>
public sealed class BoundSourcesTests(ITestOutputHelper output) : SeveralNodes
{
    private ImmutableDictionary<string, int> _pool = ImmutableDictionary<string, int>.Empty;

    protected override ShapingRules Rules => new("v1")
    {
        Defaults = new() { Connections = 30 },
        Sources = new[] { "mx1", "mx2", "mx3" }
            .ToImmutableDictionary(n => $"ip-{n}", n => new Source { Name = $"ip-{n}", Node = n }),
        Pools = ImmutableDictionary<string, Pool>.Empty.Add(Pool.DefaultName, new(Pool.DefaultName, _pool)),
    };

    /// <summary>All ledgers are on the first node. Half of their mail leaves from the other, until that dies.</summary>
    [Fact(Timeout = 300_000)]
    public async Task A_pool_of_two_nodes_sends_from_both_by_weight_and_from_the_one_that_is_left()
    {
        _pool = Pooled(("ip-mx1", 1), ("ip-mx2", 1));
        await Join("mx1");
        var second = await Join("mx2");
        await Join("mx3");   // Of two, one that is left alone is no majority.
        await Passes();
        var (warm, began) = (AllSent.Count, TimeProvider.System.GetTimestamp());

        for (var ledger = 0; ledger < Ledgers; ledger++) await Accept(ledger, 50);
        var ended = await Ended(warm + 200);
        output.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s for 200");
        var by = AllSent.Skip(warm).GroupBy(s => s.Node).ToDictionary(g => g.Key, g => g.Count());
        output.WriteLine(string.Join(' ', by));

        Assert.Equal(warm + 200, AllSent.Select(s => s.Message).Distinct().Count());
        Assert.Equal(warm + 200, AllSent.Count);
        Assert.All(ended, c => Assert.Equal(1, c.Attempt.Id.Number));
        Assert.All(AllSent, s => Assert.Equal($"ip-{s.Node}", s.Source));
        Assert.InRange(by["mx2"], 60, 140);

        await Kill(second);
        var (before, clock) = (AllSent.Count, TimeProvider.System.GetTimestamp());
        for (var ledger = 0; ledger < Ledgers; ledger++) await Accept(ledger, 50);
        await Until(() => AllSent.Count >= before + 200);
        output.WriteLine($"{TimeProvider.System.GetElapsedTime(clock).TotalSeconds:0.0} s after the death all others had left");
        Assert.Equal(200, AllSent.Skip(before).Count(s => s.Node == "mx1"));

        await Join("mx2");   // Another life of that name.
        await Passes();
    }

    /// <summary>Why it waits is asked of its ledger's node, and answered by the node that has the source.</summary>
    [Fact(Timeout = 120_000)]
    public async Task A_pool_whose_only_source_is_on_another_node_waits_for_that_and_leaves_from_it()
    {
        _pool = Pooled(("ip-mx3", 1));
        await Join("mx1");
        var id = await Accept(0, 1);
        await Until(async () => await Why(id) is { By: HeldBy.Source });
        Assert.Equal("the source 'ip-mx3' is on the node 'mx3', which is not there", (await Why(id))!.Detail);
        var door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Door = door.Task;

        await Join("mx2");
        await Join("mx3");
        await Until(async () => await Why(id) is null);   // It is on the wire, where it has gone.
        await Accept(1, 300);   // Not before: they could take every connection, which all wait for the door.
        var waits = await Accept(1, 1);
        await Until(async () => await Why(waits) is { By: HeldBy.Connections, Lane.Source: "ip-mx3" });
        door.SetResult();
        await Ended(302);

        Assert.Equal(302, AllSent.Count);
        Assert.All(AllSent, s => Assert.Equal(("mx3", "ip-mx3"), (s.Node, s.Source)));
    }

    private static ImmutableDictionary<string, int> Pooled(params (string Source, int Weight)[] sources) =>
        sources.ToImmutableDictionary(s => s.Source, s => s.Weight);

    /// <summary>Until mail goes from the second node as well: it is known there, and has its part of the lane.</summary>
    private Task Passes()
    {
        var before = AllSent.Count;
        return Until(async () =>
        {
            var sent = AllSent.Count;
            await Accept(0, 2);
            await Until(() => AllSent.Count >= sent + 2);
            return AllSent.Skip(before).Any(s => s.Node == "mx2");
        });
    }

    private async Task<Waiting?> Why(SubmissionId id)
    {
        var message = new MessageId(id, 0);
        var why = await Nodes[0].Region<Ledgers>().Ask<WhyTheyWait>(
            new ToLedger(id.Partition, new AskWhyTheyWait([message])), TimeSpan.FromSeconds(10), Cancel);
        return why.Messages.FirstOrDefault(m => m.Id == message)?.Why;
    }
}
