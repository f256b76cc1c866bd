using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// How a submission came in; the numbers are stored. Those that speak as other services do have theirs in
/// <c>ledger.proto</c>.
/// </summary>
public enum Door : byte
{
    /// <summary><c>POST /v1/messages</c>.</summary>
    [Word("api")] Api = 1,

    /// <summary>Handed in by SMTP (RFC 6409).</summary>
    [Word("smtp")] Smtp = 2,

    /// <summary>A mail of others that is passed on, as one to postmaster.</summary>
    [Word("forward")] Forward = 3,
}
