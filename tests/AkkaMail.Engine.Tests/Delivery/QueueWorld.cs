using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>
/// A node's queues in virtual time, between ledgers that hand out what they are asked for after 5 ms, governors that
/// lease what the test says after 1 ms, and receivers that take as long as it says. No actor, no waiting.
/// </summary>
internal sealed class QueueWorld
{
    public const string Node = "node-1";
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (DateTimeOffset At, int Order)> _agenda = new();
    private readonly Dictionary<(int Ledger, QueueKey Queue), Stock> _ledgers = [];
    private readonly SubmissionId[] _submissions = [SubmissionId.Create(0, Noon, 1), SubmissionId.Create(1, Noon, 1)];
    private readonly Dictionary<MessageId, QueueKey> _handed = [];
    private int _order, _messages;
    private long _serial;
    private bool _asking;

    /// <summary>What waits in a ledger's queue: so many new ones, and those that came back.</summary>
    private sealed class Stock
    {
        public int New { get; set; }
        public Queue<(MessageId Id, int Number)> Back { get; } = [];
        public int Count => New + Back.Count;
    }

    public QueueWorld(DeliverySettings? settings = null)
    {
        var shaping = new ShapingParts(() => Rules,
            (_, _) => throw new InvalidOperationException("the queues are told the site"), s => Missing.Contains(s));
        Queues = new(shaping, settings ?? DeliverySettings.Default, Node, _ => 100);
        Every(TimeSpan.FromSeconds(1), () => Queues.PassTime(Now));
    }

    public SiteQueues Queues { get; }
    public DateTimeOffset Now { get; private set; } = Noon;
    public ShapingRules Rules { get; set; } = new("v1");
    public HashSet<string> Missing { get; } = [];

    /// <summary>No governor answers.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Ledgers that forget what they are asked.</summary>
    public HashSet<int> Deaf { get; } = [];

    /// <summary>A domain is its own site.</summary>
    public Func<string, string> SiteOf { get; set; } = domain => domain;

    /// <summary>What the governor of a limit leases, null: it is silent. Else 10 connections without a rate.</summary>
    public Func<LimitKey, (double? Rate, int Connections)?> Limit { get; set; } = _ => (null, 10);

    /// <summary>How long a delivery takes; null: for ever.</summary>
    public Func<Lane, DueMessage, TimeSpan?> Took { get; set; } = (_, _) => TimeSpan.FromMilliseconds(100);

    /// <summary>Since when all that is handed out has been due.</summary>
    public DateTimeOffset DueAt { get; set; } = Noon;

    public Func<DueMessage, SmtpReply> Reply { get; set; } = _ => SmtpReply.Parse(250, "");

    /// <summary>Looks at each message as it begins.</summary>
    public Action<Lane, DueMessage> Begun { get; set; } = (_, _) => { };

    public Action<AttemptId> Ended { get; set; } = _ => { };
    public Action<ToGovernor> Hears { get; set; } = _ => { };

    /// <summary>Looks at each lease before the queues have it.</summary>
    public Action<Lease> Leases { get; set; } = _ => { };

    public List<(DateTimeOffset At, LaneKey Lane, DueMessage Message)> Sent { get; } = [];
    public List<(DateTimeOffset At, int Ledger, TakeDue Take)> Asked { get; } = [];
    public List<(DateTimeOffset At, ToGovernor Word)> Told { get; } = [];
    public List<(string Node, QueueHasMail Word)> Passing { get; } = [];

    /// <summary>In so many messages.</summary>
    public int Letters { get; private set; }

    public List<Attempt> Results { get; } = [];
    public HashSet<AttemptId> Handed { get; } = [];
    public HashSet<Lane> Open { get; } = [];

    /// <summary>What came back untried, or without an end, goes to its ledger for another attempt.</summary>
    public bool TriesAgain { get; set; }

    /// <summary>Messages that no ledger has handed out.</summary>
    public int Waiting => _ledgers.Values.Sum(s => s.Count);

    public static QueueKey Queue(string domain, string stream = Streams.Transactional, string tenant = "shop") =>
        new(domain, tenant, stream);

    /// <summary>A ledger has so many more, and says so.</summary>
    public void Mail(QueueKey queue, int count, int ledger = 0)
    {
        if (!_ledgers.TryGetValue((ledger, queue), out var stock)) _ledgers.Add((ledger, queue), stock = new());
        stock.New += count;
        Queues.HasMail(new(ledger, queue, stock.Count), SiteOf(queue.Domain), Now);
        Act();
    }

    /// <summary>Another node passes the word on: so much of what the ledger has is for this one.</summary>
    public void Passed(QueueKey queue, int count, int part, int ledger = 0)
    {
        if (!_ledgers.TryGetValue((ledger, queue), out var stock)) _ledgers.Add((ledger, queue), stock = new());
        stock.New += count;
        Queues.HasMail(new(ledger, queue, stock.Count) { Part = part }, SiteOf(queue.Domain), Now);
        Act();
    }

    /// <summary>Other nodes have taken so many of what a ledger has.</summary>
    public void TakenElsewhere(QueueKey queue, int count, int ledger = 0) => _ledgers[(ledger, queue)].New -= count;

    /// <summary>As ledgers do each 10 s.</summary>
    public void RepeatWords()
    {
        foreach (var ((ledger, queue), stock) in _ledgers)
            if (stock.Count > 0) Queues.HasMail(new(ledger, queue, stock.Count), SiteOf(queue.Domain), Now);
        Act();
    }

    public void Do(Action<SiteQueues> what)
    {
        what(Queues);
        Act();
    }

    public void In(TimeSpan time, Action what) => _agenda.Enqueue(what, (Now + time, _order++));

    public void Every(TimeSpan time, Action what) => In(time, () =>
    {
        what();
        Every(time, what);
    });

    /// <summary>Lets time pass, from one thing that happens to the next.</summary>
    public QueueWorld For(TimeSpan time)
    {
        var end = Now + time;
        while (true)
        {
            var happens = _agenda.TryPeek(out _, out var next) && !(Queues.WakesAt < next.At);
            var at = happens ? next.At : Queues.WakesAt ?? DateTimeOffset.MaxValue;
            if (at > end) break;
            Assert.True(at > Now || happens, "it wakes again and again at the same time");
            Now = at > Now ? at : Now;
            if (happens) _agenda.Dequeue()();
            Act();
        }
        Now = end;
        return this;
    }

    public QueueWorld For(double seconds) => For(TimeSpan.FromSeconds(seconds));

    public void Conclude(Lane lane, DueMessage message)
    {
        var attempt = new Attempt(message.Attempt, lane.Key.Site, Reply(message), AttemptEnd.Answered, "mx", null,
            SmtpStep.Dot, null, Now, default).JudgedBy(BounceRulesReader.Shipped);
        if (Queues.Concluded(lane, attempt, Now) is { } told) Result(told, message.Queue);
    }

    private void Act()
    {
        TakeBack();
        while (Queues.Next(Now) is var (lane, message))
        {
            Sent.Add((Now, lane.Key, message));
            Open.Add(lane);
            Begun(lane, message);
            if (Took(lane, message) is { } took) In(took, () => Conclude(lane, message));
        }
        Passing.AddRange(Queues.Passing());
        var words = Queues.ToGovernors(Now);
        Letters += GovernorShards.Letters(words).Count();
        foreach (var word in words)
        {
            Told.Add((Now, word));
            Hears(word);
            if (word.Message is RenewLease) In(TimeSpan.FromMilliseconds(1), () => Lease(word.Limit));
        }
        if (!Queues.HasWants || _asking) return;
        _asking = true;
        In(TimeSpan.FromMilliseconds(10), Ask);
    }

    private void TakeBack()
    {
        foreach (var attempt in Queues.TakeBack()) Result(attempt, _handed.GetValueOrDefault(attempt.Id.Message));
    }

    private void Ask()
    {
        _asking = false;
        foreach (var (ledger, take) in Queues.Wants(Now))
        {
            Asked.Add((Now, ledger, take));
            In(TimeSpan.FromMilliseconds(5), () => HandOut(ledger, take));
        }
    }

    private void HandOut(int ledger, TakeDue take)
    {
        if (Deaf.Contains(ledger)) return;
        var stock = _ledgers[(ledger, take.Queue)];
        var messages = new List<DueMessage>();
        while (messages.Count < take.Count && stock.Count > 0)
        {
            if (!stock.Back.TryDequeue(out var next))
            {
                stock.New--;
                next = (new(_submissions[ledger], _messages++), 1);
            }
            _handed[next.Id] = take.Queue;
            Handed.Add(new(next.Id, next.Number));
            messages.Add(new(next.Id, next.Number, take.Queue, 1, Noon, Noon.AddDays(3)) { DueAt = DueAt });
        }
        Queues.Handed(new(ledger, take.Queue, [.. messages], stock.Count), SiteOf(take.Queue.Domain), Now);
    }

    public void Lease(LimitKey key)
    {
        if (IsSilent || Limit(key) is not var (rate, connections)) return;
        var lease = LeaseOf(key, ++_serial, rate, connections, Now);
        Leases(lease);
        Queues.Leased(lease, Now);
    }

    public static Lease LeaseOf(LimitKey key, long serial, double? rate, int connections, DateTimeOffset now) => new(
        key, serial, rate, Rate.DefaultBurst(rate ?? 0), connections, now + Sharing.LeaseTime, null, default,
        new(now, "v1", rate, connections, Pace.Free, [], null, 80, Standing.Good, null));

    private void Result(Attempt attempt, QueueKey queue)
    {
        Results.Add(attempt);
        Ended(attempt.Id);
        if (TriesAgain && !attempt.Reply.IsAccepted)
            _ledgers[(attempt.Id.Message.Submission.Partition, queue)].Back
                .Enqueue((attempt.Id.Message, attempt.Id.Number + 1));
    }
}
