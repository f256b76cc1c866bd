using System.Collections.Immutable;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Messages;

/// <summary>Either a <paramref name="Send"/>, or every error there is.</summary>
public sealed record SendValidated(ValidSend? Send, IReadOnlyList<FieldError> Errors);

/// <summary>From what came to what is stored. Pure: the time is given.</summary>
public static class SendValidation
{
    public static SendValidated Validate(SendRequest request, DateTimeOffset now, SendLimits limits)
    {
        var errors = new FieldErrors();
        var from = AddressRules.Required("from", request.From, errors);
        var replyTo = request.ReplyTo is { } reply ? AddressRules.Read("reply_to", reply, errors) : null;
        var fields = new FieldRules(limits, errors);
        var subject = fields.Subject("subject", request.Subject);
        if (string.IsNullOrEmpty(request.Text) && string.IsNullOrEmpty(request.Html))
            errors.Add("text", "or html is needed: the mail has neither");
        var headers = fields.Headers("headers", request.Headers);
        var attachments = new AttachmentRules(limits, errors).Read(request.Attachments);
        var stream = Stream(request.Stream, limits, errors);
        var tags = TagRules.Read(request.Tags, limits, errors);
        Unavailable(request, errors);
        var (sendAt, expiresAt) = Times.Read(request, now, limits, errors);
        var fill = new FillRules(request, limits, errors);
        fill.Shared(from, replyTo);
        var mails = new MailRules(limits, errors, fields, fill).Read(request);

        if (errors.All.Count > 0) return new(null, errors.All);
        var content = new MailContent(subject ?? "", request.Text, request.Html, attachments);
        return new(new(content, new(from!, replyTo, headers, mails), stream, tags, sendAt, expiresAt), []);
    }

    /// <summary>More would make the answer long.</summary>
    private const int StreamsNamed = 10;

    private static string Stream(string? stream, SendLimits limits, FieldErrors errors)
    {
        if (stream is not null && limits.Streams?.ContainsKey(stream) == false)
            errors.Add("stream", limits.Streams.Count > StreamsNamed ? $"is none of the tenant's {limits.Streams.Count}"
                : $"is none of {string.Join(", ", limits.Streams.Keys.Order(StringComparer.Ordinal))}");
        return stream ?? SendLimits.DefaultStream;
    }

    // Taken in silence, a sender would believe it works.
    private static void Unavailable(SendRequest request, FieldErrors errors)
    {
        if (request.Template is not null) errors.Add("template", "unknown template");
        if (request.Track?.Opens is true) errors.Add("track.opens", "tracking is not available yet");
        if (request.Track?.Clicks is true) errors.Add("track.clicks", "tracking is not available yet");
    }
}
