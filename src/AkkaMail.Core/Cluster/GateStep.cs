using System.Collections.Immutable;

namespace AkkaMail.Core.Cluster;

/// <summary>What a node that is in no cluster does next.</summary>
public abstract record GateStep
{
    /// <summary>Ask these to be let in, and go on looking: who lives there now may be gone in a moment.</summary>
    public sealed record Join(ImmutableArray<string> Addresses) : GateStep
    {
        public bool Equals(Join? other) => other is not null && Addresses.SequenceEqual(other.Addresses);

        public override int GetHashCode() => Addresses.Length;
    }

    /// <summary>
    /// Found one, if under the lock the rows are still <paramref name="Seen"/>: signs of life by address and incarnation.
    /// </summary>
    public sealed record Found(ImmutableDictionary<(string, long), DateTimeOffset> Seen) : GateStep;

    /// <summary>Look again.</summary>
    public sealed record Wait(string For) : GateStep;

    /// <summary>It cannot be let in as it is set up; an operator has to see to it.</summary>
    public sealed record Refuse(string Why) : GateStep;
}
