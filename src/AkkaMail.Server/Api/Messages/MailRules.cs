using System.Collections.Immutable;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// The mails of a request: one for <c>to</c>, <c>cc</c>, <c>bcc</c>, or one for each personalization.
/// </summary>
internal sealed class MailRules(
    SendLimits limits, FieldErrors errors, FieldRules fields, VariableRules variables, FillRules fill)
{
    public ImmutableArray<MailEnvelope> Read(SendRequest request)
    {
        var all = variables.Read("variables", request.Variables);
        var metadata = fields.Metadata("metadata", request.Metadata);
        var shared = new Shared(all, metadata, IsWhole(request.Variables, all));
        if (request.Personalizations is not { } personalizations)
            return [One("", new() { To = request.To, Cc = request.Cc, Bcc = request.Bcc }, shared)];

        const string Field = "personalizations";
        if (request.To is not null || request.Cc is not null || request.Bcc is not null)
            errors.Add(Field, "cannot be combined with to, cc, bcc");
        // Counted before they are read: a hundred thousand are refused, not parsed.
        var recipients = personalizations.Sum(Count);
        if (personalizations.Length == 0 || personalizations.Length > limits.PersonalizationsMax)
            errors.Add(Field, WrongCount(personalizations.Length, limits.PersonalizationsMax));
        else if (recipients > limits.RecipientsMax) errors.Add(Field, TooMany(recipients, limits.RecipientsMax));
        if (personalizations.Length > limits.PersonalizationsMax || recipients > limits.RecipientsMax) return [];

        var mails = ImmutableArray.CreateBuilder<MailEnvelope>(personalizations.Length);
        for (var i = 0; i < personalizations.Length; i++)
            if (personalizations[i] is { } own) mails.Add(One($"{Field}[{i}].", own, shared));
            else errors.Add($"{Field}[{i}]", "must be an object");
        return mails.ToImmutable();
    }

    /// <summary>What all mails have, unless they say otherwise.</summary>
    private sealed record Shared(ImmutableArray<GivenVariable> Variables, ImmutableArray<Variable> Metadata, bool IsWhole);

    private MailEnvelope One(string path, SendPersonalization own, Shared shared)
    {
        var count = Count(own);
        if (count == 0) errors.Add($"{path}to", "is required: there is no recipient");
        if (count > limits.RecipientsMax)
        {
            errors.Add($"{path}to", TooMany(count, limits.RecipientsMax));
            own = own with { To = null, Cc = null, Bcc = null };
        }
        var seen = new Dictionary<string, string>();
        MailEnvelope mail = new(
            AddressRules.List($"{path}to", own.To, seen, errors), AddressRules.List($"{path}cc", own.Cc, seen, errors),
            AddressRules.List($"{path}bcc", own.Bcc, seen, errors), fields.Subject($"{path}subject", own.Subject),
            [], Over(shared.Metadata, fields.Metadata($"{path}metadata", own.Metadata), v => v.Name),
            fields.Headers($"{path}headers", own.Headers));
        var given = variables.Read($"{path}variables", own.Variables);
        var isWhole = shared.IsWhole && IsWhole(own.Variables, given);
        return fill.Mail(path, own, mail, Over(shared.Variables, given, v => v.Name), isWhole);
    }

    /// <summary>None of them was refused.</summary>
    private static bool IsWhole(Dictionary<string, SendValue>? given, ImmutableArray<GivenVariable> read) =>
        (given?.Count ?? 0) == read.Length;

    /// <summary>What holds for all mails, where this one says nothing else.</summary>
    private static ImmutableArray<T> Over<T>(ImmutableArray<T> all, ImmutableArray<T> own, Func<T, string> nameOf)
    {
        if (own.IsEmpty) return all;
        var names = own.Select(nameOf).ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(v => !names.Contains(nameOf(v))), .. own];
    }

    /// <summary>The same whether they are counted as they come or as they are read.</summary>
    public static string TooMany(long count, int max) => $"{count} recipients are more than {max} in one call";

    public static string WrongCount(long count, int max) => $"must be 1 to {max}, but are {count}";

    private static int Count(SendPersonalization? own) =>
        (own?.To?.Length ?? 0) + (own?.Cc?.Length ?? 0) + (own?.Bcc?.Length ?? 0);
}
