using System.Globalization;
using AkkaMail.Core.Analytics;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Storage.Inbound;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>
/// A mail that came in. <paramref name="Door"/> is the kind of address it came to, <paramref name="Outcome"/> what was
/// done; <paramref name="Authentication"/> is SPF, DKIM, DMARC and ARC of it as in RFC 8601.
/// </summary>
public sealed record ReturnedResponse(
    string Id, DateTimeOffset At, string Door, string Outcome, string? Message, string? Tenant, string? Kind,
    string? Reason, string? FeedbackType, string? Rule, string? Version, string? Reporter, string Recipient,
    string MailFrom, string Helo, string Remote, string? Authentication, long Bytes, int Tries, string? Detail)
{
    public static ReturnedResponse Of(InboundMail m) => new(
        m.Id.ToString(CultureInfo.InvariantCulture), m.At, ReturnWords.Word(m.Door), ReturnWords.Word(m.Reading.Outcome),
        m.Reading.Message?.ToString(), m.Reading.Tenant, m.Reading.Kind?.ToWord(), m.Reading.Reason?.ToWord(),
        m.Reading.FeedbackType, m.Reading.Rule, m.Reading.Version, m.Reading.Reporter, m.Recipient, m.MailFrom, m.Helo,
        m.Remote, m.Reading.Authentication, m.Size, m.Tries, m.Reading.Detail);
}

public sealed record ReturnedListResponse(IReadOnlyList<ReturnedResponse> Mails, string? NextCursor);

/// <summary>How many are read again.</summary>
public sealed record RereadResponse(int Mails);

/// <summary>
/// What a feedback loop told: <paramref name="Unattributed"/> reports had nothing of ours in them, and counted for
/// nobody.
/// </summary>
public sealed record FeedbackLoopResponse(
    string Reporter, long Reports, long Complaints, long OptOuts, long Unattributed, DateTimeOffset LastAt)
{
    public static FeedbackLoopResponse Of(LoopFigures l) =>
        new(l.Reporter, l.Reports, l.Complaints, l.OptOuts, l.Unattributed, l.LastAt);
}

public sealed record FeedbackLoopListResponse(IReadOnlyList<FeedbackLoopResponse> Loops);

/// <summary>
/// Complaints of the last 7 days as a share of what was delivered in them; <paramref name="Of"/> is <c>tenant</c>,
/// <c>stream</c> or <c>domain</c>.
/// </summary>
public sealed record ComplaintRateResponse(
    string Of, string Tenant, string Name, long Complaints, long Delivered, double Rate)
{
    public static ComplaintRateResponse From(ComplaintRate r) => new(
        r.Subject.Kind.ToString().ToLowerInvariant(), r.Subject.Tenant!, r.Subject.Name, r.Complaints, r.Delivered,
        Math.Round(r.Share, 6));

    // No tenant, stream or domain has a space in its name.
    internal string Key => Of == TenantWord ? Tenant : $"{Tenant} {Of} {Name}";

    private const string TenantWord = "tenant";
}

public sealed record ComplaintListResponse(IReadOnlyList<ComplaintRateResponse> Rates, string? NextCursor);
