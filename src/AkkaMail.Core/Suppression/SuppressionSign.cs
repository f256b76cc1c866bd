using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Suppression;

/// <summary>
/// What an event says of later mail to the recipient of <paramref name="Message"/>: to be suppressed at once, or
/// counted; never <see cref="SuppressionStep.None"/>.
/// </summary>
public sealed record SuppressionSign(
    DateTimeOffset At, MessageId Message, SuppressionStep Step, SuppressionOrigin Origin, SuppressionCause Why)
{
    /// <summary>Who adds what follows from a receiver's words.</summary>
    public const string Engine = "engine";

    // Mail that is delivered costs no cause: it is said only where there is a step.
    public static IEnumerable<SuppressionSign> Of(ILedgerEvent e) => e switch
    {
        AttemptsConcluded c =>
            from x in c.Conclusions
            let a = x.Attempt
            let step = SuppressionPolicy.Of(x.Status, a.Judged.Verdict)
            where step != SuppressionStep.None
            select new SuppressionSign(c.At, a.Id.Message, step, SuppressionOrigin.HardBounce,
                Cause(a.Id.Message, a.Judged.Verdict, a.Source, a.Site, a.Reply)),
        MessagesAmended a =>
            from x in a.Amendments
            let step = SuppressionPolicy.Of(x)
            where step != SuppressionStep.None
            select new SuppressionSign(a.At, x.Message, step, OriginOf(x.Kind),
                Cause(x.Message, x.Verdict, x.Source, x.Site, x.Reply)),
        _ => [],
    };

    /// <summary>Whether there is any.</summary>
    public static bool IsIn(ILedgerEvent e) => Of(e).Any();

    /// <summary>
    /// For the whole tenant: an address that is not there is not there for any stream, and who cries abuse wants none
    /// of it. An opt-out is of the stream.
    /// </summary>
    public NewSuppression ToEntry(string tenant, string stream, Hash128 recipient, string? address) => new(
        SuppressionKey.Of(Origin == SuppressionOrigin.Unsubscribe ? SuppressionScope.Stream : SuppressionScope.Tenant,
            tenant, stream, recipient),
        address, Step == SuppressionStep.Count ? SuppressionOrigin.SoftBounces : Origin, Why, null, Engine, At, null);

    private static SuppressionOrigin OriginOf(AmendmentKind kind) => kind switch
    {
        AmendmentKind.LateBounce => SuppressionOrigin.HardBounce,
        AmendmentKind.Complaint => SuppressionOrigin.Complaint,
        AmendmentKind.OptOut => SuppressionOrigin.Unsubscribe,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static SuppressionCause Cause(
        MessageId message, Verdict? verdict, string? source, string? site, SmtpReply reply) => new(
        message.ToString(), verdict?.Reason.ToWord(), verdict?.Rule, verdict?.Version, source, site,
        reply is { Code: 0, Text: "" } ? null : reply.Line);
}
