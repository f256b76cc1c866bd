using AkkaMail.Core.Tenants;

namespace AkkaMail.Engine.Wire;

/// <summary>A quota, and each event of its use, to its own wire message and back.</summary>
internal static class QuotaWires
{
    public static QuotaWire ToWire(this Quota quota)
    {
        var wire = new QuotaWire { Mode = (int)quota.Mode };
        if (quota.Minute is { } minute) wire.Minute = minute;
        if (quota.Hour is { } hour) wire.Hour = hour;
        if (quota.Day is { } day) wire.Day = day;
        if (quota.Month is { } month) wire.Month = month;
        return wire;
    }

    public static Quota ToQuota(this QuotaWire q) => new(
        q.HasMinute ? q.Minute : null, q.HasHour ? q.Hour : null, q.HasDay ? q.Day : null, q.HasMonth ? q.Month : null,
        (QuotaMode)q.Mode);

    public static QuotaTakenWire To(QuotaTaken e) =>
        new() { At = e.At.ToWire(), For = e.For.ToWire(), Count = e.Count };

    public static QuotaTaken From(QuotaTakenWire e) => new(e.At.ToTime(), e.For.ToTime(), e.Count);

    public static QuotaReturnedWire To(QuotaReturned e) =>
        new() { At = e.At.ToWire(), For = e.For.ToWire(), Count = e.Count };

    public static QuotaReturned From(QuotaReturnedWire e) => new(e.At.ToTime(), e.For.ToTime(), e.Count);

    public static QuotaSnapshotWire To(QuotaSnapshot s)
    {
        var wire = new QuotaSnapshotWire();
        foreach (var c in s.Counts)
            wire.Counts.Add(new QuotaCountWire { Window = (int)c.Window, Start = c.Start.ToWire(), Used = c.Used });
        return wire;
    }

    public static QuotaSnapshot From(QuotaSnapshotWire s) => new(
        WireTypes.Array(s.Counts, c => new QuotaCount((QuotaWindow)c.Window, c.Start.ToTime(), c.Used)));
}
