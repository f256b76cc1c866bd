using Akka;

namespace AkkaMail.Engine.Protocol;

/// <summary>Take no more mail; answered with <see cref="Done"/> when every result is stored.</summary>
public sealed record Drain { public static Drain Instance { get; } = new(); }

/// <summary>The shaping rules are others now: pools may have other sources.</summary>
public sealed record ShapingChanged { public static ShapingChanged Instance { get; } = new(); }

/// <summary>That node, by its <c>NodeName</c>, sends nothing any more.</summary>
public sealed record NodeDied(string Node);
