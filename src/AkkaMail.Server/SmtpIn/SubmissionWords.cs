using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Mime;

namespace AkkaMail.Server.SmtpIn;

/// <summary>What a mail says to us in headers of ours, as the API would have it.</summary>
internal sealed record SubmissionWords(
    string Stream, ImmutableArray<string> Tags, ImmutableArray<Variable> Metadata, DateTimeOffset? SendAt,
    DateTimeOffset ExpiresAt)
{
    public static SubmissionWords Read(
        SubmittedMail mail, IReadOnlyDictionary<string, MailStream> streams, DateTimeOffset now, FieldErrors errors)
    {
        // Taken in silence, a sender would believe it works.
        if (mail.Unknown is { } unknown) errors.Add(unknown, "is none of the headers that are known here");
        if (mail.Stream is { } stream && !streams.ContainsKey(stream))
            errors.Add(SubmittedMail.StreamHeader, "is not one of the tenant's streams");
        if (mail.IdempotencyKey is { Length: > Acceptance.KeyLengthMax })
            errors.Add(SubmittedMail.KeyHeader, $"is longer than {Acceptance.KeyLengthMax} characters");
        var tags = TagRules.Read([.. mail.Tags], SendLimits.Default, errors);
        var metadata = MetadataOf(mail.Metadata, errors);
        var (sendAt, expiresAt) = Times.Read(
            (SubmittedMail.SendAtHeader, TimeOf(mail.SendAt, errors)), ("", null), now, SendLimits.Default, errors);
        return new(mail.Stream ?? SendLimits.DefaultStream, tags, metadata, sendAt, expiresAt);
    }

    private static ImmutableArray<Variable> MetadataOf(string? text, FieldErrors errors)
    {
        if (text is null) return [];
        const string Field = SubmittedMail.MetadataHeader;
        switch (RequestReader.Read(Encoding.UTF8.GetBytes(text), SubmissionJson.Default.DictionaryStringString))
        {
            case BodyRead<Dictionary<string, string?>>.Done done:
                return new FieldRules(SendLimits.Default, errors).Metadata(Field, done.Value);
            case BodyRead<Dictionary<string, string?>>.Invalid { Error: var error }:
                errors.Add(error.Field is "$" or "" ? Field : $"{Field}.{error.Field}", error.Message);
                return [];
            default:
                errors.Add(Field, "is no JSON object");
                return [];
        }
    }

    private static DateTimeOffset? TimeOf(string? text, FieldErrors errors)
    {
        if (text is null) return null;
        if (Rfc3339.TryParse(text, out var time)) return time;
        errors.Add(SubmittedMail.SendAtHeader, TimeConverter.Problem);
        return null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Dictionary<string, string?>))]
internal sealed partial class SubmissionJson : JsonSerializerContext;
