using System.Data.Common;
using Akka.Actor;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.Server.Refusals;

/// <summary>
/// What escapes a use case, in one table for all doors: a store that does not answer is "not now", all else a bug.
/// </summary>
internal static class Faults
{
    public static Refusal RefusalOf(Exception? fault) => fault switch
    {
        UnavailableException e => Refusal.Unavailable(e.Message),
        StoreException e => Refusal.Unavailable($"{e.Message}; nothing was done."),
        SigningKeyException e => Refusal.Unavailable(e.Message),
        DbException => Refusal.Unavailable("The journal does not answer."),
        AskTimeoutException => Refusal.Unavailable("The engine does not answer."),
        BadHttpRequestException { StatusCode: 413 } e => new(RefusalCode.TooLarge, "The body is too large", e.Message),
        BadHttpRequestException e => new(RefusalCode.Malformed, "The request cannot be read", e.Message),
        _ => new(RefusalCode.Internal, "Internal error", "It is in the server's log."),
    };
}
