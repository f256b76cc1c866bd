using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;

namespace AkkaMail.Engine.Delivery;

/// <summary>One ledger's queue, as far as this node knows it.</summary>
internal sealed class Feed(int ledger, QueueKey queue)
{
    public int Ledger { get; } = ledger;
    public QueueKey Queue { get; } = queue;
    public int Left { get; set; }

    /// <summary>
    /// So much of it is for this node to ask for, since other nodes have sources of its pool; null: all of it.
    /// </summary>
    public int? Part { get; private set; }

    /// <summary>When the part was last told or used, and when its ledger last spoke of it.</summary>
    public DateTimeOffset PartAt { get; private set; }
    public DateTimeOffset HeardAt { get; private set; }

    /// <summary>What of it counts as waiting on this node.</summary>
    public int Waits => Math.Min(Left, Part ?? Left);

    public void Tell(int? part, DateTimeOffset now, bool isHeard = true)
    {
        (Part, PartAt) = (part, now);
        if (isHeard) HeardAt = now;
    }

    public void Taken(HandedOut handed, DateTimeOffset now)
    {
        (Left, PartAt, HeardAt) = (handed.Left, now, now);
        if (Part is { } part) Part = Math.Max(0, part - handed.Messages.Length);
    }

    /// <summary>What was next of its fresh mail when it last said so; its line is told.</summary>
    public FreshHead? Head { get; internal set; }

    /// <summary>Asked for and not answered; its line counts that.</summary>
    public (int Count, DateTimeOffset At)? Request { get; internal set; }
}

/// <summary>A message at hand, since when.</summary>
internal readonly record struct Ready(DueMessage Message, DateTimeOffset At);

/// <summary>
/// One tenant's stream to one site: what is at hand, and the ledgers that have more. Lines share their lanes by weight;
/// <see cref="Served"/> is the measure: what a line has had, over its weight.
/// </summary>
internal sealed class Line(SiteQueue queue, string tenant, string stream, StreamKind? ownKind)
{
    /// <summary>Somebody waits for transactional mail: it gets twice the turns.</summary>
    private const double TransactionalWeight = 6, OtherWeight = 3;

    /// <summary>As in a ledger's queue: fresh mail goes 4 : 1 beside retries.</summary>
    private const int RetryTurns = 5;

    /// <summary>
    /// Where so many feeds or fewer have engaged recipients, they are asked for these alone; where more have, each for
    /// an eighth of the share at least: a request costs its ledger a commit, and this line a look at all its feeds.
    /// </summary>
    private const int EngagedAtOnce = 8;

    private readonly List<Feed> _feeds = [];
    private LeasedBudget? _limit;
    private int _turn, _requests, _engagedFeeds;

    public SiteQueue Queue { get; } = queue;
    public string Tenant { get; } = tenant;
    public string Stream { get; } = stream;
    public StreamKind? OwnKind { get; } = ownKind;
    public bool IsTransactional { get; } = new QueueKey("", tenant, stream, ownKind).IsTransactional;

    /// <summary>
    /// Who sends what receivers do not want has fewer turns beside others, and all of them where nobody else waits.
    /// </summary>
    public double Weight => (IsTransactional ? TransactionalWeight : OtherWeight) * Reputation;

    /// <summary>What the tenant's reputation leaves it: 0.1 to 1.</summary>
    public double Reputation { get; set; } = 1;
    public double Served { get; set; }

    /// <summary>The tenant's own limit over all lanes, if it has one; that knows this line as long.</summary>
    public LeasedBudget? Limit
    {
        get => _limit;
        set
        {
            if (_limit == value) return;
            _limit?.Lines.Remove(this);
            _limit = value;
            value?.Lines.Add(this);
        }
    }

    public Queue<Ready> AtHand { get; } = new();

    /// <summary>What its mail could not go on for when that was last so, the hold behind it, and when.</summary>
    public (HeldBy By, int? Hold, DateTimeOffset At) Held { get; set; }

    public IReadOnlyList<Feed> Feeds => _feeds;

    /// <summary>Messages asked for and not answered, of all feeds.</summary>
    public int Requested { get; private set; }
    public bool HasMail => AtHand.Count > 0 || _feeds.Count > 0;
    public long Depth => AtHand.Count + _feeds.Sum(f => (long)f.Waits);

    public Feed MailIn(int ledger, QueueKey queue, int count, FreshHead? head = null)
    {
        var feed = Find(ledger, queue);
        if (feed is null) _feeds.Add(feed = new(ledger, queue));
        feed.Left = Math.Max(feed.Left, count);
        SetHead(feed, head);
        return feed;
    }

    private void SetHead(Feed feed, FreshHead? head)
    {
        _engagedFeeds += (head is { IsEngaged: true } ? 1 : 0) - (feed.Head is { IsEngaged: true } ? 1 : 0);
        feed.Head = head;
    }

    public Feed? Find(int ledger, QueueKey queue) => _feeds.Find(f => f.Ledger == ledger && f.Queue == queue);

    public void Remove(Feed feed)
    {
        SetHead(feed, null);
        SetRequest(feed, null);
        _feeds.Remove(feed);
    }

    /// <summary>It has been answered, or nobody will.</summary>
    public void EndRequest(Feed feed) => SetRequest(feed, null);

    private void SetRequest(Feed feed, (int Count, DateTimeOffset At)? request)
    {
        Requested += (request?.Count ?? 0) - (feed.Request?.Count ?? 0);
        feed.Request = request;
    }

    /// <summary>
    /// Whom to ask next and for how much, when <paramref name="share"/> may be at hand or asked for: a quarter of it at
    /// least, since each request costs its ledger a commit; <see cref="TakeDue.CountMax"/> at most. Where a feed has engaged recipients these are asked for
    /// first, and no more of it, unless very many feeds have some: another feed's go before its others.
    /// </summary>
    public (Feed Feed, int Count)? NextRequest(int share, DateTimeOffset now)
    {
        var free = share - AtHand.Count - Requested;
        if (free <= 0 || _feeds.Count == 0 || free < share / 4 && AtHand.Count > 0) return null;
        if (NextFeed() is not { } feed) return null;
        var count = Math.Min(Math.Min(free, TakeDue.CountMax), feed.Head is { IsEngaged: true, Engaged: var first } && _feeds.Count > 1
            ? Math.Max(first, _engagedFeeds > EngagedAtOnce ? share / EngagedAtOnce : 0)
            : Math.Max(free / _feeds.Count, Math.Max(1, share / 4)));
        count = Math.Min(count, feed.Part ?? count);
        SetRequest(feed, (count, now));
        return (feed, count);
    }

    /// <summary>
    /// In turn. Where one at least has engaged recipients, the one whose fresh mail goes before that of all others; and
    /// in one turn of five one that has retries alone, which no order among fresh mail would come to.
    /// </summary>
    private Feed? NextFeed()
    {
        Feed? first = null, unordered = null;
        var turn = _turn;
        for (var i = 0; i < _feeds.Count; i++)
        {
            turn = (turn + 1) % _feeds.Count;
            var feed = _feeds[turn];
            if (feed.Request is not null || feed.Part == 0) continue;
            if (first is null && unordered is null) _turn = turn;
            if (_engagedFeeds == 0) return feed;
            if (feed.Head is not { } head) unordered ??= feed;
            else if (!(first?.Head?.Order <= head.Order)) first = feed;
        }
        return unordered is not null && (first is null || _requests++ % RetryTurns == 0) ? unordered : first;
    }
}
