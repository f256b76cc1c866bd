using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// What is kept with each submission, said once: in the command, the event, the ledger's memory, its snapshot and the
/// row. No address, no subject, no body.
/// </summary>
public sealed record SubmissionFacts
{
    public required string Tenant { get; init; }
    public required string Stream { get; init; }

    /// <summary>The stream's when it was accepted, so that a replay serves it as the first run did.</summary>
    public required StreamKind Kind { get; init; }

    /// <summary>The domain in From (A-labels).</summary>
    public string Sender { get; init; } = "";

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Null, or a time that has passed: at once.</summary>
    public DateTimeOffset? SendAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Names the row with all the rest: recipients, headers, content.</summary>
    public required long Envelope { get; init; }

    public QueueKey QueueTo(string domain) => QueueKey.Of(domain, Tenant, Stream, Kind);

    /// <summary>As a ledger remembers a million of them: the words that come again and again stand there once.</summary>
    internal SubmissionFacts With(Interned names) => this with
    {
        Tenant = names.Once(Tenant),
        Stream = names.Once(Stream),
        Sender = names.Once(Sender),
        Tags = Tags.IsEmpty ? [] : [.. Tags.Select(names.Once)],
    };
}
