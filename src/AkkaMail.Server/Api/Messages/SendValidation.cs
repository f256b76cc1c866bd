using System.Collections.Immutable;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Composing;

namespace AkkaMail.Server.Api.Messages;

/// <summary>Either a <paramref name="Send"/>, or every error there is.</summary>
public sealed record SendValidated(ValidSend? Send, IReadOnlyList<FieldError> Errors);

/// <summary>From what came to what is stored. Pure: the time is given.</summary>
public static class SendValidation
{
    /// <param name="body">Of which <paramref name="request"/> was read.</param>
    public static SendValidated Validate(
        SendRequest request, ReadOnlyMemory<byte> body, DateTimeOffset now, SendLimits limits)
    {
        var errors = new FieldErrors();
        var from = AddressRules.Required("from", request.From, errors);
        var replyTo = AddressRules.ReplyTo(request.ReplyTo, limits, errors);
        var fields = new FieldRules(limits, errors);
        var subject = fields.Subject("subject", request.Subject);
        if (string.IsNullOrEmpty(request.Text?.Value) && string.IsNullOrEmpty(request.Html))
            errors.Add("text", "or html is needed: the mail has neither");
        var headers = fields.Headers("headers", request.Headers);
        var attachments = new AttachmentRules(limits, errors).Read(request.Attachments);
        var stream = Stream(request.Stream, limits, errors);
        var tags = TagRules.Read(request.Tags, limits, errors);
        Unavailable(request, errors);
        var (sendAt, expiresAt) = Times.Read(
            ("send_at", request.SendAt), ("expires_at", request.ExpiresAt), now, limits, errors);
        var made = request.Text is null && request.Html is { } html && MakesText(stream, limits)
            ? TextOfHtml.Of(html) : null;
        var fill = new FillRules(request, made, limits, errors);
        fill.Shared(from, replyTo);
        var mails = new MailRules(
            limits, errors, fields, new VariableRules(limits, errors, body), fill).Read(request);

        if (errors.All.Count > 0) return new(null, errors.All);
        var content = new MailContent(subject ?? "", made ?? request.Text?.Value, request.Html, attachments);
        return new(new(content, new(from!, replyTo, headers, mails), stream, tags, sendAt, expiresAt), []);
    }

    private static bool MakesText(string stream, SendLimits limits) =>
        limits.Streams?.GetValueOrDefault(stream)?.TextFromHtml ?? true;

    /// <summary>More would make the answer long.</summary>
    private const int StreamsNamed = 10;

    private static string Stream(string? stream, SendLimits limits, FieldErrors errors)
    {
        if (stream is not null && limits.Streams?.ContainsKey(stream) == false)
            errors.Add("stream", limits.Streams.Count > StreamsNamed ? $"is not one of the tenant's {limits.Streams.Count} streams"
                : $"must be one of {string.Join(", ", limits.Streams.Keys.Order(StringComparer.Ordinal))}");
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
