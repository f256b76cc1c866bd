using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Engine.Lanes;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;
using Xunit.Abstractions;

namespace AkkaMail.Engine.Tests.Lanes;

/// <summary>
/// What nodes and governors say to each other in a second of a cluster whose nodes all send on all lanes: real governors
/// behind real posts, real bytes, and time that is moved. The figures are printed; docs/internals/scale.md has them.
/// </summary>
public sealed class GovernorTrafficTests(ITestOutputHelper output) : Kit(movesTime: true)
{
    private const int Nodes = 10, Lanes = 400, Seconds = 5;

    /// <summary>What a lease adds to a letter where 10 nodes share the lane, with its part of the letter's names.</summary>
    private const int LeaseBytesMax = 300;

    /// <summary>Also where governors look around, each 5 s: who has the same part is not told again unasked.</summary>
    [Fact]
    public async Task A_second_of_leases_is_a_message_a_node_and_shard_up_and_one_down()
    {
        var wire = new NodeMessageSerializer((ExtendedActorSystem)Sys);
        var shards = Enumerable.Range(0, GovernorShards.Count).Select(_ => Sys.ActorOf(GovernorsActor.Props(new(
            limit => new LaneTerms(limit, new(1_000, TimeSpan.FromSeconds(1)), 100, [], null, "v1"), () => Nodes, _ => false))))
            .ToList();
        var lanes = Enumerable.Range(0, Lanes).Select(n => new LimitKey.Lane(new("ip1", $"site{n}.test"))).ToList();
        var nodes = Enumerable.Range(0, Nodes).Select(n => new Post($"akka.tcp://akkamail@10.0.0.{n}:8110#{n}", wire)).ToList();
        foreach (var node in nodes) node.Ref = Sys.ActorOf(Props.Create(() => new PostActor(node)));
        for (var i = 0; i < 5; i++) await Second();   // Until the lanes are divided and nobody's part moves.
        foreach (var node in nodes) node.Forget();
        var (up, bytes) = (0, 0L);

        for (var i = 0; i < Seconds; i++)
        {
            var said = await Second();
            (up, bytes) = (up + said.Letters, bytes + said.Bytes);
        }

        var (down, bytesDown) = (nodes.Sum(n => n.Letters), nodes.Sum(n => n.Bytes));
        output.WriteLine($"nodes={Nodes} lanes={Lanes} shards={GovernorShards.Count}");
        output.WriteLine($"up_a_second={up / Seconds} up_bytes_a_second={bytes / Seconds} "
            + $"down_a_second={down / Seconds} down_bytes_a_second={bytesDown / Seconds} "
            + $"each_way_a_node={up / Seconds / Nodes}/{down / Seconds / Nodes}");
        Assert.InRange(up, Seconds * Nodes, Seconds * Nodes * GovernorShards.Count);
        Assert.InRange(down, Seconds * Nodes, Seconds * Nodes * GovernorShards.Count);
        Assert.InRange(bytesDown, 1, (long)Seconds * Nodes * Lanes * LeaseBytesMax);

        async Task<(int Letters, long Bytes)> Second()
        {
            var (letters, size) = (0, 0L);
            foreach (var node in nodes)
            {
                node.Expect(lanes);
                var words = lanes.Select(lane => new ToGovernor(
                    lane, new RenewLease(node.Name, new(100, 10), 0, 0, LaneReport.Empty, null))).ToList();
                foreach (var letter in GovernorShards.Letters(words))
                {
                    shards[letter.Shard].Tell(letter, node.Ref);
                    (letters, size) = (letters + 1, size + wire.ToBinary(letter).Length);
                }
            }
            var passed = TimeSpan.Zero;
            while (nodes.Exists(n => n.Awaits > 0))
            {
                await Task.Delay(20);   // The governors store and answer in real time.
                if (passed < TimeSpan.FromMilliseconds(900)) passed += Advance(TimeSpan.FromMilliseconds(10));
            }
            Advance(TimeSpan.FromSeconds(1) - passed);
            return (letters, size);
        }
    }

    /// <summary>
    /// A lease names the parts of all nodes on its lane. Of 2,000 lanes the fullest shard has some 35: they are one letter
    /// also where 100 nodes share each, by what they are reckoned.
    /// </summary>
    [Theory]
    [InlineData(10, 200)]
    [InlineData(100, 700)]
    public void The_leases_of_a_shard_go_in_one_letter_where_a_hundred_nodes_share_each(int nodes, int bytesMax)
    {
        const int Count = 35;
        var state = new LaneState(Now, "v1", 1_000, 100, Pace.Free, [], null, 80, Standing.Good, null);
        var leases = Enumerable.Range(0, Count).Select(lane => new Lease(
            new LimitKey.Lane(new("ip1", $"site{lane}.test")), 1, 10, 10, 1, Now, null, Now, state)
        {
            Shares = Enumerable.Range(0, nodes).ToImmutableDictionary(
                n => $"akka.tcp://akkamail@10.0.0.{n}:8110#{n + 1_000_000_000}", n => new NodeShare(lane + n % 10, 1, true)),
        });

        var letter = Assert.Single(LeaseLetters.Of(leases));

        var bytes = new NodeMessageSerializer((ExtendedActorSystem)Sys).ToBinary(letter).Length / Count;
        output.WriteLine($"nodes={nodes} lease_bytes={bytes}");
        Assert.InRange(bytes, 1, bytesMax);
    }

    private TimeSpan Advance(TimeSpan time)
    {
        Clock.Advance(time);
        return time;
    }

    /// <summary>What a node gets.</summary>
    private sealed class Post(string name, NodeMessageSerializer wire)
    {
        private readonly ConcurrentDictionary<LimitKey, byte> _awaited = new();
        private int _letters;
        private long _bytes;

        public string Name { get; } = name;
        public IActorRef Ref { get; set; } = ActorRefs.Nobody;
        public int Letters => Volatile.Read(ref _letters);
        public long Bytes => Interlocked.Read(ref _bytes);
        public int Awaits => _awaited.Count;

        public void Expect(IEnumerable<LimitKey> lanes)
        {
            foreach (var lane in lanes) _awaited[lane] = 0;
        }

        public void Take(Leases leases)
        {
            Interlocked.Increment(ref _letters);
            Interlocked.Add(ref _bytes, wire.ToBinary(leases).Length);
            foreach (var lease in leases.Given) _awaited.TryRemove(lease.Limit, out _);
        }

        public void Forget() => (_letters, _bytes) = (0, 0);
    }

    private sealed class PostActor : ReceiveActor
    {
        public PostActor(Post post) => Receive<Leases>(post.Take);
    }
}
