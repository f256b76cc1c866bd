using System.Globalization;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Analytics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Storage.Inbound;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>
/// A mail that came in. <see cref="Door"/> is the kind of address it came to, <see cref="Outcome"/> what was done;
/// <see cref="Authentication"/> is SPF, DKIM, DMARC and ARC of it as in RFC 8601.
/// </summary>
public sealed record ReturnedResponse
{
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Door { get; init; }
    public required string Outcome { get; init; }
    public required string? Message { get; init; }
    public required string? Tenant { get; init; }
    public required string? Kind { get; init; }
    public required string? Reason { get; init; }
    public required string? FeedbackType { get; init; }
    public required string? Rule { get; init; }
    public required string? Version { get; init; }
    public required string? Reporter { get; init; }
    public required string Recipient { get; init; }
    public required string MailFrom { get; init; }
    public required string Helo { get; init; }
    public required string Remote { get; init; }
    public required string? Authentication { get; init; }
    public required long Bytes { get; init; }
    public required int Tries { get; init; }
    public required string? Detail { get; init; }

    public static ReturnedResponse Of(InboundMail m)
    {
        var (read, meaning) = (m.Reading, m.Reading.Meaning);
        return new()
        {
            Id = m.Id.ToString(CultureInfo.InvariantCulture),
            At = m.At,
            Door = m.Door.ToWord(),
            Outcome = read.Outcome.ToWord(),
            Message = read.Message?.ToString(),
            Tenant = read.Tenant,
            Kind = meaning.Kind?.ToWord(),
            Reason = meaning.Reason?.ToWord(),
            FeedbackType = meaning.FeedbackType,
            Rule = meaning.Rule,
            Version = meaning.Version,
            Reporter = read.Reporter,
            Recipient = m.Envelope.Recipient,
            MailFrom = m.Envelope.MailFrom,
            Helo = m.Envelope.Helo,
            Remote = m.Envelope.Remote,
            Authentication = read.Authentication,
            Bytes = m.Size,
            Tries = m.Tries,
            Detail = read.Detail,
        };
    }
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
        r.Subject.Kind.ToWord(), r.Subject.Tenant!, r.Subject.Name, r.Complaints, r.Delivered,
        Math.Round(r.Share, 6));

    // No tenant, stream or domain has a space in its name.
    internal string Key => Of == AlertKind.Tenant.ToWord() ? Tenant : $"{Tenant} {Of} {Name}";
}

public sealed record ComplaintListResponse(IReadOnlyList<ComplaintRateResponse> Rates, string? NextCursor);
