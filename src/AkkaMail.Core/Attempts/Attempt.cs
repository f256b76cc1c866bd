using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Attempts;

/// <summary>
/// How one delivery try went. <paramref name="Mx"/> is the host (<c>mx1.example[192.0.2.1]:25</c>) that answered or was
/// tried last, <paramref name="Source"/> the local address or name, <paramref name="Step"/> the SMTP step the reply
/// belongs to, <paramref name="Tls"/> the protocol version or null for plain text.
/// </summary>
public sealed record Attempt(
    AttemptId Id, string Site, SmtpReply Reply, AttemptEnd End, string? Mx, string? Source, SmtpStep Step, string? Tls,
    DateTimeOffset StartedAt, TimeSpan Duration);
