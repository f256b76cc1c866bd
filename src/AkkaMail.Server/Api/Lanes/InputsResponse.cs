using AkkaMail.Core.Lanes;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// What a change was decided by. Rates are messages a second; what a decision did not look at is null. The same names
/// mean the same of a rate, of connections and of a hold.
/// </summary>
public sealed record InputsResponse
{
    public double? Allowed { get; init; }
    public double? Used { get; init; }
    public double? Seen { get; init; }
    public int? Answers { get; init; }
    public int? Accepted { get; init; }
    public int? Objections { get; init; }
    public double? Seconds { get; init; }
    public double? Ceiling { get; init; }
    public int? Misses { get; init; }
    public int? Probes { get; init; }
    public double? SinceCut { get; init; }
    public double? Factor { get; init; }
    public double? Bound { get; init; }
    public int? Configured { get; init; }
    public int? Counted { get; init; }
    public int? Threshold { get; init; }
    public int? Trips { get; init; }

    public static InputsResponse Of(RateInputs i) => new()
    {
        Allowed = Round(i.Allowed),
        Used = Round(i.Used),
        Seen = Round(i.Seen),
        Answers = i.Answers,
        Accepted = i.Accepted,
        Objections = i.Objections,
        Seconds = Round(i.Seconds),
        Ceiling = Round(i.Ceiling),
        Misses = i.Misses,
        Probes = i.Probes,
        SinceCut = Round(i.SinceCut),
        Factor = i.Factor,
        Bound = Round(i.Bound),
    };

    public static InputsResponse Of(ConnectionInputs i) => new()
    {
        Allowed = i.Allowed,
        Configured = i.Configured,
        Objections = i.Objections,
        Answers = i.Answers,
        Bound = i.Bound,
    };

    public static InputsResponse? Of(HoldInputs? inputs) => inputs is not { } i ? null : new()
    {
        Counted = i.Counted,
        Seconds = Round(i.Seconds),
        Threshold = i.Threshold,
        Answers = i.Answers,
        Trips = i.Trips,
    };

    private static double? Round(double? value) => value is { } v ? Math.Round(v, 4) : null;
}
