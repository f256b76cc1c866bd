using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes.Observing;

/// <summary>
/// The last minute of a lane, a quarter of a second at a time. Not journaled: a new life looks afresh.
/// </summary>
internal sealed class Recent
{
    internal static readonly TimeSpan Span = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(250);
    private static readonly int Slots = (int)(Span / Slot);

    private readonly long[] _times = new long[Slots];
    private readonly int[] _counts = new int[Slots * OutcomeCounts.Classes];

    public void Add(OutcomeCounts counts, DateTimeOffset now)
    {
        var time = now.UtcTicks / Slot.Ticks;
        var slot = (int)(time % Slots);
        var row = _counts.AsSpan(slot * OutcomeCounts.Classes, OutcomeCounts.Classes);
        if (_times[slot] != time) row.Clear();
        _times[slot] = time;
        for (var i = 0; i < row.Length; i++) row[i] += counts[(ReplyClass)i];
    }

    public OutcomeCounts Over(TimeSpan time, DateTimeOffset now) => Since(now - time, now);

    /// <summary>
    /// What was reported after <paramref name="at"/>, to within a quarter of a second; a minute at most.
    /// </summary>
    public OutcomeCounts Since(DateTimeOffset at, DateTimeOffset now)
    {
        var from = Math.Max(at.UtcTicks / Slot.Ticks, now.UtcTicks / Slot.Ticks - Slots);
        var sum = new int[OutcomeCounts.Classes];
        for (var slot = 0; slot < Slots; slot++)
            // What is later than now is of a clock that was set back.
            if (_times[slot] > from && _times[slot] <= now.UtcTicks / Slot.Ticks)
                for (var i = 0; i < sum.Length; i++) sum[i] += _counts[slot * sum.Length + i];
        return new([.. sum]);
    }

    /// <summary>
    /// Answers a second since <paramref name="at"/>, or since the first of them if that is later; null when that is too
    /// short a time to say.
    /// </summary>
    public double? Speed(DateTimeOffset at, DateTimeOffset now)
    {
        var (after, first) = (at.UtcTicks / Slot.Ticks, long.MaxValue);
        foreach (var time in _times)
            if (time > after) first = Math.Min(first, time);
        if (first == long.MaxValue) return null;
        var took = TimeSpan.FromTicks(now.UtcTicks - Math.Max(at.UtcTicks, first * Slot.Ticks));
        return took < Slot * 2 ? null : Since(at, now).Total / took.TotalSeconds;
    }
}

/// <summary>A minute of a lane as its nodes report it. Not journaled before it is over.</summary>
internal sealed class LaneMinute(DateTimeOffset minute)
{
    private readonly Dictionary<string, (int MostInUse, int Waiting)> _nodes = [];
    private OutcomeCounts _counts = OutcomeCounts.None;
    private int _began;
    private double? _allowed;
    private string _version = "";

    public DateTimeOffset Minute { get; } = minute;

    /// <summary>Something was begun or answered, or waits: a minute in which nothing could go is the one people ask about.</summary>
    public bool IsTold => _counts.Total > 0 || _began > 0 || _nodes.Values.Any(n => n.Waiting > 0);

    public void Add(string node, LaneReport report, double? allowed, string version)
    {
        _counts = _counts.Plus(report.Counts);
        _began += report.Began;
        _nodes[node] = (Math.Max(report.MostInUse, _nodes.GetValueOrDefault(node).MostInUse), report.Waiting);
        (_allowed, _version) = (allowed, version);
    }

    public OutcomesCounted ToEvent(DateTimeOffset now) => new(now, Minute, _counts)
    {
        Began = _began,
        MostInUse = _nodes.Values.Sum(n => n.MostInUse),
        Allowed = _allowed,
        Waiting = (int)Math.Min(int.MaxValue, _nodes.Values.Sum(n => (long)n.Waiting)),
        Version = _version,
    };
}
