using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// What is kept with each submission, said once: in the command, the event, the ledger's memory, its snapshot and the
/// row. No address, no subject, no body.
/// </summary>
public sealed record SubmissionFacts
{
    // Ticks: of each of a million that wait these are 24 bytes less.
    private readonly long _expiresAt, _sendAt;

    public required string Tenant { get; init => field = WellFormed.Of(value); }
    public required string Stream { get; init => field = WellFormed.Of(value); }

    /// <summary>The stream's when it was accepted, so that a replay serves it as the first run did.</summary>
    public required StreamKind Kind { get; init; }

    /// <summary>The domain in From (A-labels).</summary>
    public string Sender { get; init => field = WellFormed.Of(value); } = "";

    public ImmutableArray<string> Tags
    { get; init => field = value.Any(t => WellFormed.Of(t) != t) ? [.. value.Select(WellFormed.Of)] : value; } = [];

    /// <summary>Null, or a time that has passed: at once.</summary>
    public DateTimeOffset? SendAt
    {
        get => _sendAt == 0 ? null : new(_sendAt, TimeSpan.Zero);
        init => _sendAt = value?.UtcTicks ?? 0;
    }

    public required DateTimeOffset ExpiresAt
    {
        get => new(_expiresAt, TimeSpan.Zero);
        init => _expiresAt = value.UtcTicks;
    }

    /// <summary>Names the row with all the rest: recipients, headers, content.</summary>
    public required long Envelope { get; init; }

    /// <summary>How it came in.</summary>
    public Door Door { get; init; } = Door.Api;

    /// <summary>Who handed it in: the id of an API key, <c>admin</c>; null: it came without one.</summary>
    public string? By { get; init => field = WellFormed.OrNull(value); }

    /// <summary>
    /// Octets as they were handed in: of the request's body, or of the mail. What is stored of them is another number.
    /// </summary>
    public int Bytes { get; init; }

    /// <summary>
    /// The sender's own trace (W3C <c>traceparent</c>, <see cref="TraceMax"/> characters); null: none.
    /// </summary>
    public string? Trace { get; init => field = WellFormed.OrNull(value); }

    public const int TraceMax = 55;

    public SentBy SentBy => new(Tenant, Stream, Kind, Sender);

    public QueueKey QueueTo(string domain) => QueueKey.Of(domain, Tenant, Stream, Kind);

    /// <summary>
    /// As a ledger remembers a million of them: words that come again and again stand there once, and what is only told
    /// is not there.
    /// </summary>
    internal SubmissionFacts With(Interned names) => this with
    {
        Tenant = names.Once(Tenant),
        Stream = names.Once(Stream),
        Sender = names.Once(Sender),
        Tags = names.Once(Tags),
        By = By is null ? null : names.Once(By),
        Trace = null,
    };
}
