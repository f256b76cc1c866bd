using System.Data.Common;
using Akka.Actor;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Signing;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Suppression;

namespace AkkaMail.Server.Refusals;

/// <summary>
/// What escapes a use case, in one table for all doors: a store that does not answer is "not now", all else a bug.
/// </summary>
internal static class Faults
{
    public static Refusal RefusalOf(Exception? fault) => fault switch
    {
        UnavailableException e => Refusal.Unavailable(e.Message),
        ContentStoreException e => Refusal.Unavailable($"The content store does not answer: {e.Message}"),
        ReadModelException e => Refusal.Unavailable($"The read model does not answer: {e.Message}"),
        SiteLogException e => Refusal.Unavailable($"The log of sites does not answer: {e.Message}"),
        ReportStoreException e =>
            Refusal.Unavailable($"The store of reports does not answer: {e.Message}; nothing was filed."),
        SuppressionException e =>
            Refusal.Unavailable($"The suppression lists do not answer: {e.Message}; nothing was done."),
        EngagementException e => Refusal.Unavailable($"{e.Message}; nothing was noted."),
        ReturnedException e => Refusal.Unavailable($"The mails that came in cannot be read: {e.Message}"),
        SigningKeyException e => Refusal.Unavailable(e.Message),
        DbException => Refusal.Unavailable("The journal does not answer."),
        AskTimeoutException => Refusal.Unavailable("The engine does not answer."),
        BadHttpRequestException { StatusCode: 413 } e => new(RefusalCode.TooLarge, "The body is too large", e.Message),
        BadHttpRequestException e => new(RefusalCode.Malformed, "The request cannot be read", e.Message),
        _ => new(RefusalCode.Internal, "An error inside", "It is in the server's log."),
    };
}
