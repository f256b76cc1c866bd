using AkkaMail.Core.Replies;

namespace AkkaMail.Simulator;

/// <summary>What a receiver says; null: nothing. Whether it is for a limit of its own.</summary>
public readonly record struct Answer(SmtpReply? Reply, bool IsLimit = false)
{
    /// <summary>Said of the connection alone.</summary>
    public bool IsConnectionFull { get; init; }
}

/// <summary>
/// One receiver, as it would answer. All chance comes from <paramref name="seed"/>: the same questions at the same times
/// get the same answers.
/// </summary>
public sealed class SimulatedReceiver(ReceiverModel model, int seed)
{
    private readonly Random _chance = new(seed);
    private readonly Dictionary<string, Sender> _senders = [];
    private readonly Dictionary<ulong, TimeSpan> _seen = [];
    private readonly Meter _all = new();

    private sealed class Sender
    {
        public Meter Meter { get; } = new();
        public Queue<TimeSpan> Opened { get; } = new();
        public TimeSpan RefusedUntil { get; set; }
        public double Trust { get; set; } = 1;
        public long Day { get; set; }
        public int Today { get; set; }
        public int Unknown { get; set; }
        public int Complaints { get; set; }
        public double Usual { get; set; }
    }

    public ReceiverModel Model => model;
    public int Accepted { get; private set; }
    public int Refused { get; private set; }
    public int Complaints { get; private set; }

    public TimeSpan Latency() => model.Latency * (0.5 + _chance.NextDouble() / 2);

    /// <summary>What it takes of one fresh address at this time.</summary>
    public double? AllowedAt(TimeSpan at)
    {
        double? allowed = null;
        foreach (var a in model.Allowed)
            if (at >= a.From) allowed = a.PerSecond;
        return allowed;
    }

    /// <summary>What a new connection is told; null: come in. <paramref name="open"/> are those of the address without it.</summary>
    public Answer? Connect(TimeSpan at, string address, int open)
    {
        if (model.Outages.Any(o => o.Covers(at))) return new(null);
        if (open >= model.ConnectionsMax) return Limit(421, "4.7.0 Too many connections from your address");
        if (model.ConnectionsPerMinute is not { } most) return null;
        var opened = SenderOf(address).Opened;
        while (opened.TryPeek(out var first) && first <= at - TimeSpan.FromMinutes(1)) opened.Dequeue();
        if (opened.Count >= most) return Limit(421, "4.7.0 Error: too many connections from your address");
        opened.Enqueue(at);
        return null;
    }

    /// <summary>What one message is told, the <paramref name="nth"/> of its connection.</summary>
    public Answer Take(TimeSpan at, string address, ulong recipient, int nth = 1)
    {
        if (model.Outages.Any(o => o.Covers(at))) return new(null);
        if (model.Storms.Any(s => s.Covers(at))) return Limit(421, "4.3.2 Service not available, closing channel");
        if (model.Listings.Any(l => l.Covers(at)))
            return Refuse(554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org");
        if (nth > model.MessagesPerConnection)
            return Limit(421, "4.7.0 Too many messages on this connection") with { IsConnectionFull = true };
        var sender = SenderOf(address);
        if (at < sender.RefusedUntil)
        {
            if (model.PenaltyBeginsAnew) sender.RefusedUntil = at + model.Penalty;
            return TooMany();
        }
        Remember(sender, at);
        var mine = AllowedAt(at) is not { } rate || sender.Meter.Take(at + model.Phase, rate * sender.Trust, model);
        if (!mine || model.AllowedInAll is { } all && !_all.Take(at + model.Phase, all, model))
        {
            sender.RefusedUntil = at + model.Penalty;
            return TooMany();
        }
        if (model.Greylist > TimeSpan.Zero && IsGrey(at, recipient))
            return Refuse(450, "4.7.1 Greylisted, please try again later");
        sender.Today++;
        if (_chance.NextDouble() < model.UnknownUsers)
        {
            sender.Unknown++;
            return Refuse(550, "5.1.1 No such user here");
        }
        Accepted++;
        if (_chance.NextDouble() < model.Complaints)
        {
            Complaints++;
            sender.Complaints++;
        }
        return new(SmtpReply.Parse(250, "2.0.0 OK"));
    }

    private Sender SenderOf(string address)
    {
        if (!_senders.TryGetValue(address, out var sender)) _senders.Add(address, sender = new());
        return sender;
    }

    private Answer TooMany()
    {
        if (!model.IsSilent)
            return _chance.Next(2) == 0 ? Limit(421, "4.7.0 Too many messages from your address, try again later")
                : Limit(451, "4.7.1 Rate limit exceeded, try again later");
        Refused++;
        return new(null, IsLimit: true);
    }

    private Answer Limit(int code, string text) => Refuse(code, text) with { IsLimit = true };

    private Answer Refuse(int code, string text)
    {
        Refused++;
        return new(SmtpReply.Parse(code, text));
    }

    private bool IsGrey(TimeSpan at, ulong recipient)
    {
        if (_seen.TryGetValue(recipient, out var first)) return at - first < model.Greylist;
        _seen.Add(recipient, at);
        return true;
    }

    /// <summary>A day is over: what it makes of a sender. Nobody is a spike on the first.</summary>
    private void Remember(Sender sender, TimeSpan at)
    {
        if (at.Days == sender.Day || model.TrustGrowth == 1) return;
        var spike = sender.Usual > 0 && sender.Today > 2.5 * sender.Usual;
        var dirty = sender.Unknown * 10 > sender.Today || sender.Complaints * 1000 > 3 * sender.Today;
        sender.Trust *= spike || dirty ? 0.5 : model.TrustGrowth;
        sender.Usual = sender.Usual == 0 ? sender.Today : (sender.Usual + sender.Today) / 2;
        (sender.Day, sender.Today, sender.Unknown, sender.Complaints) = (at.Days, 0, 0, 0);
    }
}
