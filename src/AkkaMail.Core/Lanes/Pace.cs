namespace AkkaMail.Core.Lanes;

/// <summary>
/// How fast a lane has learnt to go; follows from its <see cref="RateChanged"/> events. <paramref name="Rate"/> is in
/// messages a second, null: nothing learnt, the configured rate holds. <paramref name="Ceiling"/> is what got through
/// when the receiver last objected, null: hardly anything did. <paramref name="Misses"/> counts objections in a row
/// that ended a probe, <paramref name="Probes"/> steps above the plateau without objection.
/// </summary>
public sealed record Pace(
    double? Rate, double? Ceiling, int Misses, int Probes, DateTimeOffset ChangedAt, DateTimeOffset CutAt,
    string? Rule, string? Version, Cause? Cause)
{
    /// <summary>What the receiver counts by; null: by no window, as far as is known.</summary>
    public CountWindow? Window { get; init; }

    /// <summary>For how long it took nothing when it was full last.</summary>
    public TimeSpan Cost { get; init; }

    public static Pace Free { get; } =
        new(null, null, 0, 0, DateTimeOffset.MinValue, DateTimeOffset.MinValue, null, null, null);

    public Pace After(RateChanged e) => new(
        e.To, e.Ceiling, e.Misses, e.Probes, e.At, e.IsCut ? e.At : CutAt, e.Rule, e.Version, e.Cause)
    {
        Window = e.Window,
        Cost = e.Rule == WindowPace.OpenedRule ? e.Cost : e.To is null ? TimeSpan.Zero : Cost,
    };
}
