using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// How one try at one host went. With <paramref name="NextHost"/> nobody has judged the message: another may take it.
/// </summary>
internal sealed record Try(
    SmtpReply Reply, AttemptEnd End, SmtpStep Step, string? Mx, string? Source, string? Tls, bool NextHost = false)
{
    /// <summary>As in <c>Attempt</c>.</summary>
    public long Bytes { get; init; }
    public string? LocalAddress { get; init; }
    public int Nth { get; init; }

    public static Try Unsendable(SmtpReply reply) =>
        new(reply, AttemptEnd.Unsendable, SmtpStep.Compose, null, null, null);

    public static Try Suppressed(SmtpReply reply) =>
        new(reply, AttemptEnd.Suppressed, SmtpStep.None, null, null, null);

    public static Try NotStarted(SmtpReply reply) =>
        new(reply, AttemptEnd.NotStarted, SmtpStep.Compose, null, null, null);

    public static Try NoRoute(SmtpReply reply, string? host = null) =>
        new(reply, AttemptEnd.Answered, SmtpStep.Dns, host, null, null, NextHost: host is not null);

    /// <summary>The source cannot reach any of the host's addresses.</summary>
    public static Try NotReached(in Target target) => new(OwnReplies.OtherFamily(target.Egress, target.Host),
        AttemptEnd.Answered, SmtpStep.Connect, target.Host, target.Egress.Shown(), null, NextHost: true);

    /// <summary>As many connections are open as this process may have.</summary>
    public static Try NoSocket(int max) => NotStarted(OwnReplies.TooManyConnections(max)) with { Step = SmtpStep.Connect };

    /// <summary>The lane may not open a connection now.</summary>
    public static Try NoTurn(Route route) =>
        NotStarted(OwnReplies.TooManyOpenings(route)) with { Step = SmtpStep.Connect };
}
