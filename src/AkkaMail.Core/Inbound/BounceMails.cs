using System.Collections.Immutable;
using AkkaMail.Core.Inbound.Formats;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound;

/// <summary>
/// What a mail to the return path is: the standards first, then what MTAs write for people, then answers by programs.
/// </summary>
public static class BounceMails
{
    /// <summary>One result a recipient; a mail that is none of it has none.</summary>
    public static ImmutableArray<BounceResult> Parse(ParsedMail mail, BounceRules rules)
    {
        // A gateway wraps the report it got: the one inside speaks.
        if (mail.Returned is { } inner && !StatusReport.Is(mail) && !TextReport.NamesRecipients(mail)
             && StatusReport.Is(inner) && Daemons.Sent(mail)
            && Daemons.Sent(inner)) return Parse(inner, rules);
        Func<ParsedMail, BounceRules, IEnumerable<BounceResult>>[] formats =
        [
            FeedbackReport.Read, NotificationJson.Read, StatusReport.Read, TextReport.Read, AutoReply.Read,
        ];
        foreach (var format in formats)
        {
            ImmutableArray<BounceResult> results = [.. format(mail, rules).Take(BounceResult.Max)];
            if (!results.IsEmpty) return results;
        }
        return [];
    }
}
