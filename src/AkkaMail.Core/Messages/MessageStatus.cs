namespace AkkaMail.Core.Messages;

/// <summary>Where a message stands. The numbers are stored: never renumber.</summary>
public enum MessageStatus : byte
{
    Accepted = 1,
    Scheduled = 2,
    Sending = 3,
    Deferred = 4,
    Delivered = 5,
    Bounced = 6,
    Expired = 7,
    Suppressed = 8,
    Cancelled = 9,
    Failed = 10,
}

public static class MessageStatuses
{
    public static bool IsTerminal(this MessageStatus status) => status >= MessageStatus.Delivered;

    /// <summary>The word of the API, e.g. <c>delivered</c>.</summary>
    public static string ToWord(this MessageStatus status) => status switch
    {
        MessageStatus.Accepted => "accepted",
        MessageStatus.Scheduled => "scheduled",
        MessageStatus.Sending => "sending",
        MessageStatus.Deferred => "deferred",
        MessageStatus.Delivered => "delivered",
        MessageStatus.Bounced => "bounced",
        MessageStatus.Expired => "expired",
        MessageStatus.Suppressed => "suppressed",
        MessageStatus.Cancelled => "cancelled",
        MessageStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static bool TryParseWord(string word, out MessageStatus status)
    {
        foreach (var s in Enum.GetValues<MessageStatus>())
            if (s.ToWord() == word) { status = s; return true; }
        status = default;
        return false;
    }
}
