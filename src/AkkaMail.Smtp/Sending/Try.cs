using AkkaMail.Core.Delivery;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// How one try at one host went. With <paramref name="NextHost"/> nobody has judged the message: another may take it.
/// </summary>
internal sealed record Try(
    SmtpReply Reply, AttemptEnd End, SmtpStep Step, string? Mx, string? Source, string? Tls, bool NextHost = false)
{
    public static Try Unsendable(SmtpReply reply) =>
        new(reply, AttemptEnd.Unsendable, SmtpStep.Compose, null, null, null);

    public static Try NotStarted(SmtpReply reply) =>
        new(reply, AttemptEnd.NotStarted, SmtpStep.Compose, null, null, null);

    public static Try NoRoute(SmtpReply reply, string? host = null) =>
        new(reply, AttemptEnd.Answered, SmtpStep.Dns, host, null, null, NextHost: host is not null);
}
