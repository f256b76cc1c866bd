using AkkaMail.Core.Lanes;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// What a change was decided by. Rates are messages a second. What a decision did not look at is absent.
/// </summary>
public sealed record InputsResponse
{
    /// <summary>The rate or the connections that were allowed.</summary>
    public double? Allowed { get; init; }

    /// <summary>The rate that was used.</summary>
    public double? Used { get; init; }

    /// <summary>The rate that the receiver has seen.</summary>
    public double? Seen { get; init; }

    /// <summary>Answers that were looked at.</summary>
    public int? Answers { get; init; }

    /// <summary>Answers that took a mail.</summary>
    public int? Accepted { get; init; }

    /// <summary>Answers that objected to the rate or the connections.</summary>
    public int? Objections { get; init; }

    /// <summary>How long that was, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>The rate that got through when it was cut last.</summary>
    public double? Ceiling { get; init; }

    /// <summary>How often in a row it was cut.</summary>
    public int? Misses { get; init; }

    /// <summary>Steps above the ceiling.</summary>
    public int? Probes { get; init; }

    /// <summary>Seconds since the last cut.</summary>
    public double? SinceCut { get; init; }

    /// <summary>The part of <c>used</c> that a rule leaves.</summary>
    public double? Factor { get; init; }

    /// <summary>The rate or the connections that a rule sets; of a step up the configured ones.</summary>
    public double? Bound { get; init; }

    /// <summary>The fewest connections that had been too many.</summary>
    public int? Refused { get; init; }

    /// <summary>The connections that are configured.</summary>
    public int? Configured { get; init; }

    /// <summary>Replies that fitted a rule.</summary>
    public int? Counted { get; init; }

    /// <summary>How many a rule waits for.</summary>
    public int? Threshold { get; init; }

    /// <summary>How often in a row the breaker has opened.</summary>
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
        Refused = i.Refused,
        Misses = i.Misses,
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
