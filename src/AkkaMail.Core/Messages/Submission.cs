using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>A submission in a ledger's memory: about 200 bytes with one recipient, 32 for each further one.</summary>
internal sealed class Submission
{
    public required SubmissionId Id { get; init; }
    public required long Envelope { get; init; }
    public required string Tenant { get; init; }
    public required string Stream { get; init; }
    public required StreamKind Kind { get; init; }
    public required long AcceptedAt { get; init; }
    public required long ExpiresAt { get; init; }
    public required Message[] Messages { get; init; }
    public int Unfinished { get; set; }

    public static Submission From(AcceptedSubmission accepted, DateTimeOffset at, Interned names)
    {
        var scheduled = accepted.SendAt > at;
        var messages = new Message[accepted.Recipients.Length];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = new()
            {
                Domain = names.Once(accepted.Recipients[i].Domain),
                Status = accepted.Recipients[i].Suppressed is not null ? MessageStatus.Suppressed
                    : scheduled ? MessageStatus.Scheduled : MessageStatus.Accepted,
                Time = (scheduled ? accepted.SendAt!.Value : at).UtcTicks,
            };
        }
        return new()
        {
            Id = accepted.Id,
            Envelope = accepted.Envelope,
            Tenant = names.Once(accepted.Tenant),
            Stream = names.Once(accepted.Stream),
            Kind = accepted.Kind ?? Streams.KindOf(accepted.Stream),
            AcceptedAt = at.UtcTicks,
            ExpiresAt = accepted.ExpiresAt.UtcTicks,
            Messages = messages,
            Unfinished = messages.Count(m => !m.Status.IsTerminal()),
        };
    }
}

/// <summary>
/// One message in memory. <see cref="Time"/> (UTC ticks) is when it is or was due, or when its running attempt began.
/// </summary>
internal struct Message
{
    public string Domain;
    public string? Node;
    public long Time;
    public int Attempts;
    public MessageStatus Status;

    /// <summary>It stands in its lane's queue.</summary>
    public bool Waits;
}
