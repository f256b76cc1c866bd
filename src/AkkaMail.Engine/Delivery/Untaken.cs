using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Engine.Delivery;

/// <summary>Attempts that ended with this node's own doing: no receiver has said a word.</summary>
internal static class Untaken
{
    /// <summary>No connection saw it: it goes back to its ledger as it came.</summary>
    public static Attempt NotStarted(DueMessage message, string site, string why, DateTimeOffset now) =>
        Of(message.Attempt, site, AttemptEnd.NotStarted, why, now);

    /// <summary>Nobody will know whether the receiver has it.</summary>
    public static Attempt InDoubt(AttemptId id, string site, string why, DateTimeOffset now) =>
        Of(id, site, AttemptEnd.InDoubt, why, now);

    private static Attempt Of(AttemptId id, string site, AttemptEnd end, string why, DateTimeOffset now) =>
        new(id, site, SmtpReply.Ours(why), end, null, null, SmtpStep.None, null, now, TimeSpan.Zero);
}
