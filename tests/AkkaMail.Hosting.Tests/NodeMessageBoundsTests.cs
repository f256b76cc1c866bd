using Akka.Actor;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

/// <summary>
/// The largest that each kind of message between nodes can get, made from the bounds that the product itself keeps: it
/// arrives. A kind without a row here is a kind that nobody has thought of so.
/// </summary>
public sealed class NodeMessageBoundsTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("bounds");

    /// <summary>A character that is six bytes in JSON, and one that is three in UTF-8.</summary>
    public static TheoryData<char> Characters => ['\u0001', '\u20AC'];

    [Theory, MemberData(nameof(Characters))]
    public void The_largest_of_each_kind_arrives(char worst)
    {
        var serializer = new NodeMessageSerializer((ExtendedActorSystem)_system);
        var tooLarge = new List<string>();
        foreach (var (kind, largest) in new Largest(worst).Of())
        {
            Assert.IsType(kind, largest);
            var bytes = serializer.ToBinary(largest);
            var inLetter = serializer.ToBinary(new ToLedger(int.MaxValue, largest)).Length;
            Assert.InRange(inLetter, bytes.Length, bytes.Length + 64);
            if (inLetter > NodeBounds.LargestBytes) tooLarge.Add($"{kind.Name}: {bytes.Length:N0} bytes");
            Assert.IsType(kind, serializer.FromBinary(bytes, serializer.Manifest(largest)));
        }

        Assert.Empty(tooLarge);
    }

    [Theory, MemberData(nameof(Characters))]
    public void What_is_cut_has_at_most_what_it_is_cut_at(char worst)
    {
        var serializer = new NodeMessageSerializer((ExtendedActorSystem)_system);
        var all = new Largest(worst);

        Type[] cut = [typeof(TakeDue), typeof(HandedOut), typeof(WhatRuns), typeof(Disowned), typeof(AttemptsRecorded)];
        foreach (var kind in cut)
            Assert.InRange(serializer.ToBinary(all.Of()[kind]).Length, 1, NodeBounds.TargetBytes);
    }

    [Fact]
    public void Every_kind_has_a_row() => Assert.Equal(
        NodeMessageSerializer.Types.Select(t => t.FullName).Order(),
        new Largest('x').Of().Keys.Select(t => t.FullName).Order());

    /// <summary>What actors of one node say to each other needs no bytes; all else in the room needs a row.</summary>
    [Fact]
    public void What_is_said_is_said_between_nodes_or_within_one()
    {
        Type[] withinOne =
        [
            typeof(Committed), typeof(Projected), typeof(Followed), typeof(FollowAs), typeof(Drain), typeof(ShapingChanged),
            typeof(NodeDied), typeof(Rest),
            typeof(LedgerMemory), typeof(AlertsSnapshot),
            // Parts of others.
            typeof(NodeLane), typeof(WaitingMessage), typeof(QueuedMessage), typeof(QuotaRest), typeof(GenerationPlace),
        ];
        var records = typeof(NodeBounds).Assembly.GetExportedTypes()
            .Where(t => t.Namespace == typeof(NodeBounds).Namespace && t is { IsClass: true, IsAbstract: false }
                && t.GetMethod("<Clone>$") is not null);

        Assert.Equal([], records.Except(NodeMessageSerializer.Types).Except(withinOne));
    }

    public void Dispose() => _system.Dispose();
}
