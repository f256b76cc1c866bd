using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>A submission in a ledger's memory: about 290 bytes with one recipient, 40 for each further one.</summary>
internal sealed class Submission
{
    public required SubmissionId Id { get; init; }
    public required SubmissionFacts Facts { get; init; }
    public required long AcceptedAt { get; init; }
    public required Message[] Messages { get; init; }
    public int Unfinished { get; set; }

    public static Submission From(AcceptedSubmission accepted, DateTimeOffset at, Interned names)
    {
        var facts = accepted.Facts.With(names);
        var scheduled = facts.SendAt > at;
        var messages = new Message[accepted.Recipients.Length];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = new()
            {
                Domain = names.Once(accepted.Recipients[i].Domain),
                Status = accepted.Recipients[i].Suppressed is not null ? MessageStatus.Suppressed
                    : scheduled ? MessageStatus.Scheduled : MessageStatus.Accepted,
                Time = (scheduled ? facts.SendAt!.Value : at).UtcTicks,
                IsEngaged = accepted.Recipients[i].Engaged is not null,
            };
        }
        return new()
        {
            Id = accepted.Id,
            Facts = facts,
            AcceptedAt = at.UtcTicks,
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

    /// <summary>Where it went last, if it came as far as a site: told should time end it.</summary>
    public Way? Last;
    public long Time;
    public int Attempts;
    public MessageStatus Status;

    /// <summary>It stands in its lane's queue.</summary>
    public bool Waits;

    /// <summary>Its recipient showed life of late when it was accepted.</summary>
    public bool IsEngaged;
}
