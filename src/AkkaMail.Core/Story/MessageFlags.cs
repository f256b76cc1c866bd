using AkkaMail.Core.Messages;

namespace AkkaMail.Core.Story;

/// <summary>
/// What came back about a message, beside its status. The bits are stored: never give one another meaning.
/// </summary>
[Flags]
public enum MessageFlags
{
    None = 0,
    BouncedLate = 1 << 0,
    Complained = 1 << 1,
    OptedOut = 1 << 2,
}

public static class MessageFlagsOfReports
{
    public static MessageFlags ToFlag(this AmendmentKind kind) => kind switch
    {
        AmendmentKind.LateBounce => MessageFlags.BouncedLate,
        AmendmentKind.Complaint => MessageFlags.Complained,
        AmendmentKind.OptOut => MessageFlags.OptedOut,
        _ => throw new InvalidOperationException($"{kind} has no flag"),
    };
}
