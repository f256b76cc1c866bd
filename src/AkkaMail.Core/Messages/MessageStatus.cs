using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>Where a message stands. The numbers are stored: never renumber.</summary>
public enum MessageStatus : byte
{
    [Word("accepted")] Accepted = 1,
    [Word("scheduled")] Scheduled = 2,
    [Word("sending")] Sending = 3,
    [Word("deferred")] Deferred = 4,
    [Word("delivered")] Delivered = 5,
    [Word("bounced")] Bounced = 6,
    [Word("expired")] Expired = 7,
    [Word("suppressed")] Suppressed = 8,
    [Word("cancelled")] Cancelled = 9,
    [Word("failed")] Failed = 10,
}

public static class MessageStatuses
{
    public static bool IsTerminal(this MessageStatus status) => status >= MessageStatus.Delivered;
}
