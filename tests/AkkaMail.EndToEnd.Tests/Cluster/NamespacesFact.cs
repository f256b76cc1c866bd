using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>A story of machines that lose each other; where this process may not make any it says so.</summary>
internal sealed class NamespacesFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMake = new(() =>
    {
        using var network = NetworkNamespaces.TryMake(1);
        return network is not null;
    });

    /// <param name="isLong">Told only when long forms are asked for.</param>
    public NamespacesFactAttribute(bool isLong = false) => Skip = (isLong ? FaultTime.SkipUnlessLong : null)
        ?? (CanMake.Value ? null : "network namespaces are needed (ip netns add), and only root may make them");
}

/// <summary>A story of minutes, of a kind of which a shorter one is always told.</summary>
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = FaultTime.SkipUnlessLong;
}

/// <inheritdoc cref="LongFactAttribute"/>
internal sealed class LongTheoryAttribute : TheoryAttribute
{
    public LongTheoryAttribute() => Skip = FaultTime.SkipUnlessLong;
}

/// <summary>How long faults last that others wait for to be over.</summary>
internal static class FaultTime
{
    private const string Variable = "AKKAMAIL_TEST_LONG";

    /// <summary>By <c>AKKAMAIL_TEST_LONG=1</c>.</summary>
    public static bool AreLong { get; } = Environment.GetEnvironmentVariable(Variable) is "1";

    public static string? SkipUnlessLong => AreLong ? null : $"it takes a minute: {Variable}=1";

    /// <summary>A minute in the long form; else as short as it still tells everything.</summary>
    public static TimeSpan Length { get; } = TimeSpan.FromSeconds(AreLong ? 60 : 16);
}
