using System.Globalization;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Analytics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Server.Api.Alerts;
using AkkaMail.Storage.Inbound;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>A mail that came to a return path, a feedback loop, an address for reports, or to people.</summary>
public sealed record ReturnedResponse
{
    /// <summary>What it is called.</summary>
    public required string Id { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The kind of address it came to.</summary>
    [WordsOf<ReturnDoor>]
    public required string Door { get; init; }

    /// <summary>What was done with it.</summary>
    [WordsOf<InboundOutcome>]
    public required string Outcome { get; init; }

    /// <summary>The message it is about. Absent: it names none of ours.</summary>
    public required string? Message { get; init; }

    /// <summary>Whose message that is. Absent as <c>message</c> is.</summary>
    public required string? Tenant { get; init; }

    /// <summary>What it was taken for. Absent: nothing yet, or it is no report.</summary>
    [WordsOf<BounceKind>]
    public required string? Kind { get; init; }

    /// <summary>Why. Absent: it is no bounce.</summary>
    [WordsOf<BounceReason>]
    public required string? Reason { get; init; }

    /// <summary>The report's own word (RFC 5965). Absent: it is no complaint.</summary>
    public required string? FeedbackType { get; init; }

    /// <summary>The bounce rule that read it. Absent: none did.</summary>
    public required string? Rule { get; init; }

    /// <summary>The version of the bounce rules. Absent: none read it.</summary>
    public required string? Version { get; init; }

    /// <summary>Who says so. Absent: nobody that DNS vouches for.</summary>
    public required string? Reporter { get; init; }

    /// <summary>The address it came to.</summary>
    public required string Recipient { get; init; }

    /// <summary>Its envelope sender. Empty: the null sender of reports.</summary>
    public required string MailFrom { get; init; }

    /// <summary>What its host called itself.</summary>
    public required string Helo { get; init; }

    /// <summary>The address it came from.</summary>
    public required string Remote { get; init; }

    /// <summary>SPF, DKIM, DMARC and ARC of it, as in RFC 8601. Absent: it was not read yet.</summary>
    public required string? Authentication { get; init; }

    /// <summary>Its octets.</summary>
    public required long Bytes { get; init; }

    /// <summary>How often it was read.</summary>
    public required int Tries { get; init; }

    /// <summary>What to know beside. Absent: nothing.</summary>
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

/// <summary>A page of a list.</summary>
/// <param name="Mails">A page of mails, the newest first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record ReturnedListResponse(IReadOnlyList<ReturnedResponse> Mails, string? NextCursor);

/// <summary>What is read again.</summary>
/// <param name="Mails">How many mails.</param>
public sealed record RereadResponse(int Mails);

/// <summary>What a feedback loop told.</summary>
/// <param name="Reporter">Its name.</param>
/// <param name="Reports">How many reports came.</param>
/// <param name="Complaints">How many of them were complaints about a message of ours.</param>
/// <param name="OptOuts">How many of them asked for no more mail.</param>
/// <param name="Unattributed">How many had nothing of ours in them, and counted for nobody.</param>
/// <param name="LastAt">When the last one came.</param>
public sealed record FeedbackLoopResponse(
    string Reporter, long Reports, long Complaints, long OptOuts, long Unattributed, DateTimeOffset LastAt)
{
    public static FeedbackLoopResponse Of(LoopFigures l) =>
        new(l.Reporter, l.Reports, l.Complaints, l.OptOuts, l.Unattributed, l.LastAt);
}

/// <summary>What each feedback loop told in the last 30 days.</summary>
/// <param name="Loops">A page of those that told anything, by name.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record FeedbackLoopListResponse(IReadOnlyList<FeedbackLoopResponse> Loops, string? NextCursor);

/// <summary>Complaints of the last 7 days, as a share of what was delivered in them.</summary>
/// <param name="Subject">Whose they are: a tenant's, stream's or domain's.</param>
/// <param name="Complaints">How many complaints.</param>
/// <param name="Delivered">How many messages were delivered.</param>
/// <param name="Rate"><c>complaints</c> as a part of <c>delivered</c>, from 0 to 1.</param>
public sealed record ComplaintRateResponse(
    AlertSubjectResponse Subject, long Complaints, long Delivered, double Rate)
{
    public static ComplaintRateResponse From(ComplaintRate r) => new(
        AlertSubjectResponse.Of(r.Subject), r.Complaints, r.Delivered, Math.Round(r.Share, 6));

    // No tenant, stream or domain has a space in its name.
    internal string Key => Subject.Kind == AlertKind.Tenant.ToWord() ? Subject.Name
        : $"{Subject.Tenant} {Subject.Kind} {Subject.Name}";
}

/// <summary>A page of a list.</summary>
/// <param name="Rates">A page of rates, by tenant.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record ComplaintListResponse(IReadOnlyList<ComplaintRateResponse> Rates, string? NextCursor);
