namespace AkkaMail.Core.Shaping;

/// <summary>
/// How much a shaping file may hold. They are far above what a person writes: beyond them a generator went wrong, and a
/// refused file is better than a server without memory.
/// </summary>
public static class ShapingBounds
{
    public const int Providers = 1_000;
    public const int Matches = 100;
    public const int Domains = 100_000;
    public const int Sources = 10_000;
    public const int Pools = 1_000;
    public const int SourcesOfPool = 1_000;
    public const int WeightMax = 1_000;
    public const int Tenants = 10_000;
    public const int Streams = 10_000;
    public const int Windows = 50;
    public const int Plans = 100;
    public const int Stages = 400;
    public const int Rules = 1_000;
    public const int Patterns = 100;
    public const int PatternCharacters = 500;
    public const int Connections = 5_000;
    public const int TotalConnections = 1_000_000;

    /// <summary>Overrides of one source for providers, and as many for domains.</summary>
    public const int OverridesOfSource = 1_000;

    public static readonly TimeSpan ReactionMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ReactionMax = TimeSpan.FromDays(30);
    public static readonly TimeSpan FirstDelayMax = TimeSpan.FromDays(1);
    public static readonly TimeSpan MaxDelayMax = TimeSpan.FromDays(2);
}
