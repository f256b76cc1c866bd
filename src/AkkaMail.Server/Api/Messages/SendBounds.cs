using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;

namespace AkkaMail.Server.Api.Messages;

/// <summary>The bounds of <see cref="SendLimits"/> where a body is read: what is beyond them is never built.</summary>
public static class SendBounds
{
    public static readonly BodyBounds Default = Of(SendLimits.Default);

    private static BodyBounds Of(SendLimits limits)
    {
        var max = limits.RecipientsMax;
        var (call, all) = (Recipients("to"), Recipients("personalizations"));
        var (headers, variables, metadata) = (BodyBound.MoreThan(limits.HeadersMax),
            BodyBound.MoreThan(limits.VariablesMax), BodyBound.MoreThan(limits.MetadataMax));
        return new(
            ("to", call), ("cc", call), ("bcc", call),
            ("reply_to", BodyBound.MoreThan(limits.ReplyToMax)),
            ("headers", headers), ("variables", variables), ("metadata", metadata),
            ("tags", BodyBound.MoreThan(limits.TagsMax)),
            ("attachments", BodyBound.MoreThan(limits.AttachmentsMax)),
            ("personalizations", new(limits.PersonalizationsMax,
                count => MailRules.WrongCount(count, limits.PersonalizationsMax))),
            ("personalizations[].to", all), ("personalizations[].cc", all), ("personalizations[].bcc", all),
            ("personalizations[].headers", headers), ("personalizations[].variables", variables),
            ("personalizations[].metadata", metadata));

        BodyBound Recipients(string field) => new(max, count => MailRules.TooMany(count, max), field);
    }
}
