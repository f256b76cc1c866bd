using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// Which messages a list shows; null means any. <paramref name="From"/> (inclusive) and <paramref name="To"/>
/// (exclusive) look at the time in the id, to the millisecond. Without a tenant (the operator's view) a list walks back
/// through time, past what does not fit.
/// </summary>
public sealed record MessageFilter(
    string? Tenant = null, MessageStatus? Status = null, Hash128? Recipient = null, string? Tag = null,
    string? Stream = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    int Limit = 50, string? Cursor = null)
{
    /// <summary>The recipient's, in A-labels. It has no index: with it a list walks back, too.</summary>
    public string? Domain { get; init; }

    /// <summary>The domain of From, in A-labels; as <see cref="Domain"/>.</summary>
    public string? Sender { get; init; }

    /// <summary>A provider's name, or a word of <see cref="Via"/>.</summary>
    public string? Provider { get; init; }

    /// <summary>Of the last attempt that came to a site; as <see cref="Domain"/>.</summary>
    public string? Source { get; init; }

    public BounceReason? Reason { get; init; }

    /// <summary>More than this in one page is refused by being cut.</summary>
    public const int LimitMax = 500;

    public int Rows => Math.Clamp(Limit, 1, LimitMax);
}

/// <summary>Newest first; <paramref name="Next"/> is the cursor of the following page, null at the end.</summary>
public sealed record MessagePage(IReadOnlyList<MessageView> Messages, string? Next);

/// <summary>The messages of a stream by status, and how many were ever accepted.</summary>
public sealed record StreamCounters(
    string Tenant, string Stream, long Accepted, IReadOnlyDictionary<MessageStatus, long> ByStatus)
{
    /// <summary>Messages with a report of this kind, each counted once; their status is another matter.</summary>
    public IReadOnlyDictionary<AmendmentKind, long> Amended { get; init; } = new Dictionary<AmendmentKind, long>();

    public long Alive => ByStatus.Where(c => !c.Key.IsTerminal()).Sum(c => c.Value);
    public long Ended => ByStatus.Where(c => c.Key.IsTerminal()).Sum(c => c.Value);

    /// <summary>
    /// The promise: accepted = delivered + bounced + expired + failed + suppressed + cancelled + alive.
    /// </summary>
    public bool IsComplete => Accepted == Ended + Alive;
}
