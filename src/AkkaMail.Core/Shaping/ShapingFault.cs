using System.Collections.Immutable;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>What came of reading a shaping file: all of it holds, or none.</summary>
public abstract record ShapingReading
{
    /// <summary><paramref name="Warnings"/> is what can be meant so, but seldom is.</summary>
    public sealed record Good(ShapingRules Rules, ImmutableArray<RuleFault> Warnings) : ShapingReading;

    /// <summary>Every fault there is, up to <see cref="RuleBounds.Faults"/>, by line.</summary>
    public sealed record Faulty(ImmutableArray<RuleFault> Faults) : ShapingReading;
}
