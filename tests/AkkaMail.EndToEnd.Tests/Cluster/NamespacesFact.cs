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

    public NamespacesFactAttribute() =>
        Skip = CanMake.Value ? null : "network namespaces are needed (ip netns add), and only root may make them";
}

/// <summary>How long faults last that others wait for to be over.</summary>
internal static class FaultTime
{
    private const string Variable = "AKKAMAIL_TEST_LONG";

    /// <summary>A minute with <c>AKKAMAIL_TEST_LONG=1</c>; else as short as it still tells everything.</summary>
    public static TimeSpan Length { get; } =
        TimeSpan.FromSeconds(Environment.GetEnvironmentVariable(Variable) is "1" ? 60 : 16);
}
