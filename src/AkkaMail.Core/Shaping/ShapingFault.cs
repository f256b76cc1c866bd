using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// What is wrong with a shaping file, in an operator's words. <paramref name="Line"/> counts from 1, 0 is the file as a
/// whole; <paramref name="Path"/> is e.g. <c>providers.google.limits.rate</c>, empty for the file as a whole.
/// </summary>
public sealed record ShapingFault(int Line, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

/// <summary>What came of reading a shaping file: all of it holds, or none.</summary>
public abstract record ShapingReading
{
    /// <summary><paramref name="Warnings"/> is what can be meant so, but seldom is.</summary>
    public sealed record Good(ShapingRules Rules, ImmutableArray<ShapingFault> Warnings) : ShapingReading;

    /// <summary>Every fault there is, up to <see cref="ShapingBounds.Faults"/>, by line.</summary>
    public sealed record Faulty(ImmutableArray<ShapingFault> Faults) : ShapingReading;
}
