using AkkaMail.Core.Attempts;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Engine.Wire;

/// <summary>
/// The ends of attempts, as the journal has them and as nodes tell them. Whose they are and by which way they went
/// stands once.
/// </summary>
internal static class ConclusionWires
{
    public static AttemptsConcludedWire To(AttemptsConcluded e)
    {
        var wire = new AttemptsConcludedWire { At = e.At.ToWire() };
        var (senders, paths) = (new Shared<SentBy>(), new Shared<Path>());
        foreach (var c in e.Conclusions)
        {
            var conclusion = To(c);
            conclusion.Sender = senders.PlaceOf(c.SentBy);
            conclusion.Way = paths.PlaceOf(Path.Of(c.Attempt));
            wire.Conclusions.Add(conclusion);
        }
        foreach (var sender in senders.Values) wire.Senders.Add(sender.ToWire());
        foreach (var path in paths.Values) wire.Ways.Add(path.ToWire());
        return wire;
    }

    public static AttemptsConcluded From(AttemptsConcludedWire e)
    {
        var (senders, paths) = (WireTypes.Array(e.Senders, WireTypes.ToSentBy), WireTypes.Array(e.Ways, Path.From));
        return new(e.At.ToTime(),
            WireTypes.Array(e.Conclusions, c => From(c, senders[c.Sender], paths[c.Way])));
    }

    public static AttemptsEndedWire To(ConcludeAttempts c)
    {
        var (wire, paths) = (new AttemptsEndedWire(), new Shared<Path>());
        foreach (var attempt in c.Attempts)
        {
            var end = To(attempt);
            end.Way = paths.PlaceOf(Path.Of(attempt));
            wire.Attempts.Add(end);
        }
        foreach (var path in paths.Values) wire.Ways.Add(path.ToWire());
        return wire;
    }

    public static ConcludeAttempts From(AttemptsEndedWire c)
    {
        var paths = WireTypes.Array(c.Ways, Path.From);
        return new(WireTypes.Array(c.Attempts, a => AttemptOf(a, paths[a.Way])));
    }

    private static ConclusionWire To(Conclusion c)
    {
        var wire = To(c.Attempt);
        (wire.Status, wire.Rule) = ((int)c.Status, c.Rule);
        if (c.DueAt is { } due) wire.DueAt = due.ToWire();
        return wire;
    }

    private static ConclusionWire To(Attempt a)
    {
        var wire = new ConclusionWire
        {
            Id = a.Id.ToWire(),
            Reply = a.Reply.ToWire(),
            End = (int)a.End,
            Step = (int)a.Step,
            StartedAt = a.StartedAt.ToWire(),
            Duration = a.Duration.Ticks,
            Class = (int)a.Judged.Class,
            Bytes = a.Bytes,
            Nth = a.Nth,
        };
        if (a.Departure is { } left)
        {
            wire.Waited = (a.StartedAt - left.ReadyAt).Ticks;
            wire.HeldBy = (int)left.HeldBy;
            if (left.Hold is { } hold) wire.Hold = hold;
        }
        if (a.Judged.Verdict is { } verdict) wire.Verdict = verdict.ToWire();
        if (a.Judged.RetryAfter is { } wait) wire.RetryAfter = wait.Ticks;
        return wire;
    }

    private static Conclusion From(ConclusionWire c, SentBy sender, in Path path) => new(
        AttemptOf(c, path), (MessageStatus)c.Status, c.HasDueAt ? c.DueAt.ToTime() : null, c.Rule, sender);

    private static Attempt AttemptOf(ConclusionWire c, in Path path) =>
        new(c.Id.ToId(), path.Site, c.Reply.ToReply(), (AttemptEnd)c.End, path.Mx, path.Source, (SmtpStep)c.Step,
            path.Tls, c.StartedAt.ToTime(), new TimeSpan(c.Duration))
        {
            Departure = !c.HasWaited ? null : new(path.Pool ?? "", path.Provider, path.Shaping ?? "",
                c.StartedAt.ToTime() - new TimeSpan(c.Waited), (HeldBy)c.HeldBy, c.HasHold ? c.Hold : null),
            Bytes = c.Bytes,
            LocalAddress = path.LocalAddress,
            Nth = c.Nth,
            Judged = new((ReplyClass)c.Class, c.Verdict?.ToVerdict(), c.HasRetryAfter ? new(c.RetryAfter) : null),
        };

    /// <summary>What attempts over one connection have in common.</summary>
    private readonly record struct Path(
        string Site, string? Source, string? Provider, string? Pool, string? Shaping, string? Mx, string? Tls,
        string? LocalAddress)
    {
        public static Path Of(Attempt a) => new(a.Site, a.Source, a.Departure?.Provider, a.Departure?.Pool,
            a.Departure?.Shaping, a.Mx, a.Tls, a.LocalAddress);

        public WayWire ToWire()
        {
            var wire = new WayWire { Site = Site };
            if (Source is not null) wire.Source = Source;
            if (Provider is not null) wire.Provider = Provider;
            if (Pool is not null) wire.Pool = Pool;
            if (Shaping is not null) wire.Shaping = Shaping;
            if (Mx is not null) wire.Mx = Mx;
            if (Tls is not null) wire.Tls = Tls;
            if (LocalAddress is not null) wire.LocalAddress = LocalAddress;
            return wire;
        }

        public static Path From(WayWire w) => new(w.Site, w.HasSource ? w.Source : null,
            w.HasProvider ? w.Provider : null, w.HasPool ? w.Pool : null, w.HasShaping ? w.Shaping : null,
            w.HasMx ? w.Mx : null, w.HasTls ? w.Tls : null, w.HasLocalAddress ? w.LocalAddress : null);
    }
}
