using AkkaMail.Core.Messages;
using AkkaMail.Core.Story;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// How long the read model keeps what: <paramref name="Messages"/> from acceptance on, <paramref name="Lines"/> of
/// stories from their recording on, by whole days (UTC). What has not ended stays with its whole story, and what has
/// ended for as long as a line of its end would stay.
/// </summary>
public sealed record MessageRetention(TimeSpan Messages, TimeSpan Lines)
{
    public static MessageRetention Default { get; } = new(TimeSpan.FromDays(90), TimeSpan.FromDays(30));

    /// <summary>So much longer is known which reports a message had: a late one must not count twice.</summary>
    public static readonly TimeSpan ToldLonger = TimeSpan.FromDays(30);

    internal Cut At(DateTimeOffset now) => new(now - Messages, now - Lines);

    /// <summary>What is over at one moment.</summary>
    internal readonly record struct Cut(DateTimeOffset Messages, DateTimeOffset Lines)
    {
        /// <summary>The first day whose lines stay.</summary>
        public int FirstDay => DateOnly.FromDateTime(Lines.UtcDateTime).DayNumber;

        public bool HasOver(MessageView m) => HasOver(m.Status, m.Id.Submission.CreatedAt, m.UpdatedAt);

        public bool HasOver(MessageStatus status, DateTimeOffset acceptedAt, DateTimeOffset updatedAt) =>
            status.IsTerminal() && acceptedAt < Messages && updatedAt < Lines;

        /// <summary>It goes, though its message stays.</summary>
        public bool HasOver(MessageView m, StoryEvent line) =>
            line.At < Lines && m.Status.IsTerminal() && DayOf(line.At) < FirstDay;
    }

    internal static int DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime).DayNumber;
}
