using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Simulator;

/// <summary>
/// Shaping as KumoMTA's automation does it: when 421 or 451 of a limit come <paramref name="Threshold"/> often, a fixed
/// reaction for a fixed time (<paramref name="Limit"/>, null: nothing is sent), then full speed. Nothing is learnt.
/// </summary>
public sealed record FixedPolicy(string Name, Threshold Threshold, Rate? Limit, TimeSpan For)
{
    public static FixedPolicy Suspends { get; } = new(
        "2 in 1 min: suspend 10 min", new(2, TimeSpan.FromMinutes(1)), null, TimeSpan.FromMinutes(10));

    public static FixedPolicy Limits { get; } = new(
        "2 in 1 min: 10/min for 30 min", new(2, TimeSpan.FromMinutes(1)), new(10, TimeSpan.FromMinutes(1)),
        TimeSpan.FromMinutes(30));
}
