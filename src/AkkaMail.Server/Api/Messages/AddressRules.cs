using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Messages;

/// <summary>Addresses as given to mailboxes.</summary>
internal static class AddressRules
{
    public static Mailbox? Required(string field, SendAddress? address, FieldErrors errors)
    {
        if (address is not null) return Read(field, address, errors);
        errors.Add(field, "is missing");
        return null;
    }

    public static Mailbox? Read(string field, SendAddress address, FieldErrors errors)
    {
        // Before it is trimmed: a line break at the end is no harm, but never what a sender meant either.
        if (address.Email.AsSpan().ContainsAny('\r', '\n') || address.Name.AsSpan().ContainsAny('\r', '\n'))
        {
            errors.Add(field, "has a line break");
            return null;
        }
        string? problem;
        var fits = address.Name is null
            ? Mailbox.TryParse(address.Email, out var mailbox, out problem)
            : Mailbox.TryCreate(address.Name.Trim(), address.Email.Trim(), out mailbox, out problem);
        if (fits) return mailbox;
        errors.Add(field, problem!);
        return null;
    }

    public static ImmutableArray<Mailbox> ReplyTo(SendAddress[]? addresses, SendLimits limits, FieldErrors errors)
    {
        const string Field = "reply_to";
        if (addresses is [var one]) return Read(Field, one, errors) is { } mailbox ? [mailbox] : [];
        if (addresses?.Length <= limits.ReplyToMax) return List(Field, addresses, [], errors);
        if (addresses is not null) errors.Add(Field, $"are more than {limits.ReplyToMax}");
        return [];
    }

    /// <summary>
    /// The mailboxes of one header. <paramref name="seen"/> holds those of the mail so far: an address that stands
    /// twice in one mail would get it twice, so it is refused (compared as people are, without case).
    /// </summary>
    public static ImmutableArray<Mailbox> List(
        string field, SendAddress[]? addresses, Dictionary<string, string> seen, FieldErrors errors)
    {
        var mailboxes = ImmutableArray.CreateBuilder<Mailbox>(addresses?.Length ?? 0);
        for (var i = 0; i < addresses?.Length; i++)
        {
            var at = $"{field}[{i}]";
            if (Read(at, addresses[i], errors) is not { } mailbox) continue;
            var key = SamePerson.Of(mailbox.EnvelopeAddress);
            if (!seen.TryAdd(key, at)) errors.Add(at, $"is the same address as {seen[key]}");
            mailboxes.Add(mailbox);
        }
        return mailboxes.ToImmutable();
    }
}
