using System.Collections.Immutable;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// The mails of a request: one for <c>to</c>, <c>cc</c>, <c>bcc</c>, or one for each personalization.
/// </summary>
internal sealed class MailRules(SendLimits limits, FieldErrors errors, FieldRules fields)
{
    public ImmutableArray<MailEnvelope> Read(SendRequest request)
    {
        var variables = fields.Variables("variables", request.Variables);
        var metadata = fields.Metadata("metadata", request.Metadata);
        if (request.Personalizations is not { } personalizations)
            return [One("", new() { To = request.To, Cc = request.Cc, Bcc = request.Bcc }, variables, metadata)];

        const string Field = "personalizations";
        if (request.To is not null || request.Cc is not null || request.Bcc is not null)
            errors.Add(Field, "cannot be combined with to, cc, bcc");
        // Counted before they are read: a hundred thousand are refused, not parsed.
        var recipients = personalizations.Sum(Count);
        if (personalizations.Length == 0 || personalizations.Length > limits.PersonalizationsMax)
            errors.Add(Field, $"must be 1 to {limits.PersonalizationsMax}, but are {personalizations.Length}");
        else if (recipients > limits.RecipientsMax) errors.Add(Field, TooMany(recipients));
        if (personalizations.Length > limits.PersonalizationsMax || recipients > limits.RecipientsMax) return [];

        var mails = ImmutableArray.CreateBuilder<MailEnvelope>(personalizations.Length);
        for (var i = 0; i < personalizations.Length; i++)
            if (personalizations[i] is { } own) mails.Add(One($"{Field}[{i}].", own, variables, metadata));
            else errors.Add($"{Field}[{i}]", "must be an object");
        return mails.ToImmutable();
    }

    private MailEnvelope One(
        string path, SendPersonalization own, ImmutableArray<Variable> variables, ImmutableArray<Variable> metadata)
    {
        var count = Count(own);
        if (count == 0) errors.Add($"{path}to", "is needed: there is no recipient");
        if (count > limits.RecipientsMax)
        {
            errors.Add($"{path}to", TooMany(count));
            own = own with { To = null, Cc = null, Bcc = null };
        }
        var seen = new Dictionary<string, string>();
        return new(
            Addresses.List($"{path}to", own.To, seen, errors), Addresses.List($"{path}cc", own.Cc, seen, errors),
            Addresses.List($"{path}bcc", own.Bcc, seen, errors), fields.Subject($"{path}subject", own.Subject),
            Over(variables, fields.Variables($"{path}variables", own.Variables)),
            Over(metadata, fields.Metadata($"{path}metadata", own.Metadata)),
            fields.Headers($"{path}headers", own.Headers));
    }

    /// <summary>What holds for all mails, where this one says nothing else.</summary>
    private static ImmutableArray<Variable> Over(ImmutableArray<Variable> all, ImmutableArray<Variable> own)
    {
        if (own.IsEmpty) return all;
        var names = own.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(v => !names.Contains(v.Name)), .. own];
    }

    private string TooMany(int count) => $"{count} recipients are more than {limits.RecipientsMax} in one call";

    private static int Count(SendPersonalization? own) =>
        (own?.To?.Length ?? 0) + (own?.Cc?.Length ?? 0) + (own?.Bcc?.Length ?? 0);
}
