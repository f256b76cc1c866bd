using System.Collections.Immutable;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>
/// A delivery status notification (RFC 3464): fields for machines, a block of them for each recipient. What they leave
/// out, MTAs say in the text before them.
/// </summary>
internal static class StatusReport
{
    private const string Format = "rfc3464";

    public static IEnumerable<BounceResult> Read(ParsedMail mail, BounceRules rules)
    {
        var blocks = Blocks(mail).Take(BounceResult.Max).ToList();
        if (blocks.Count == 0) return [];
        var told = new Lazy<TextSections>(() => TextSections.Of(mail));
        return blocks.Select(block => Result(block, blocks.Count, told, rules))
            .OfType<BounceResult>().DistinctBy(r => (r.Recipient.ToLowerInvariant(), r.Kind));
    }

    /// <summary>Whether it has the part that makes it one.</summary>
    public static bool Is(ParsedMail mail) =>
        mail.Parts.Any(p => p.Type is "message/delivery-status" or "message/global-delivery-status");

    private static List<ImmutableArray<MailField>> Blocks(ParsedMail mail)
    {
        var own = mail.Parts.Where(p => p.Type is "message/delivery-status" or "message/global-delivery-status")
            .SelectMany(part => MailFields.Blocks(part.Text)).Where(HasRecipient).ToList();
        if (own.Count > 0 || !Daemons.Sent(mail)) return own;
        // A gateway that flattened the MIME of it, or an MTA that never made any: the fields stand in the text.
        return [.. mail.Parts.Where(p => p.Type == "text/plain").Select(p => Inlined(p.Text)).OfType<string>()
            .SelectMany(text => MailFields.Blocks(text)).Where(HasRecipient)];
    }

    private static readonly string[] Beginnings = ["\nReporting-MTA:", "\nFinal-Recipient:", "\nOriginal-Recipient:"];

    private static string? Inlined(string text)
    {
        var at = Beginnings.Select(field => text.IndexOf(field, StringComparison.OrdinalIgnoreCase)).Where(i => i >= 0)
            .DefaultIfEmpty(-1).Min();
        return at < 0 || !text.AsSpan(at).Contains("\nStatus:", StringComparison.OrdinalIgnoreCase) ? null : text[at..];
    }

    private static bool HasRecipient(ImmutableArray<MailField> block) =>
        block.Find("Final-Recipient") is not null || block.Find("Original-Recipient") is not null
        || block.Find("X-Actual-Recipient") is not null;

    private static BounceResult? Result(
        ImmutableArray<MailField> block, int count, Lazy<TextSections> told, BounceRules rules)
    {
        // RFC 3464 §2.3.1: the original one is what the sender used, whatever became of it on the way.
        var recipient = Addresses.OfField(block.Find("Final-Recipient"))
            ?? Addresses.OfField(block.Find("Original-Recipient"))
            ?? Addresses.OfField(block.Find("X-Actual-Recipient"))
            ?? (count == 1 ? told.Value.Recipients.FirstOrDefault() : null);
        if (recipient is null) return null;
        var final = Addresses.OfField(block.Find("Final-Recipient")) ?? recipient;
        var status = Codes.Status(block.Find("Status") ?? "");
        var diagnostic = Diagnostic(block.Find("Diagnostic-Code"));
        var kind = Kind(block.Find("Action"), status, told.Value);
        if (kind == BounceKind.Delivered) return new(recipient, kind, diagnostic, status, null, null, Format);
        List<string> texts = [diagnostic, .. told.Value.Of(final, recipient, isOnly: count == 1)];
        if (kind == BounceKind.Delayed) texts.Add(ReportWords.Delayed);
        var step = Step(texts, count == 1 ? told.Value.Step : SmtpStep.None);
        var context = new ReplyContext(Addresses.OfHost(block.Find("Remote-MTA")), step, status, IsReported: true);
        var (reply, verdict) = rules.ClassifyFirst(texts, context);
        return new(recipient, kind, diagnostic.Length > 0 ? diagnostic : reply, status is { Detail: > 0 } ? status
            : verdict.Status ?? status, verdict, null, Format);
    }

    /// <summary>
    /// RFC 3464 §2.3.3. Words it does not have are taken as a failure, unless the status or the text says otherwise.
    /// </summary>
    private static BounceKind Kind(string? action, EnhancedCode? status, TextSections told) =>
        action?.TrimStart().ToLowerInvariant() switch
        {
            { } a when a.StartsWith("delayed", StringComparison.Ordinal) => BounceKind.Delayed,
            { } a when a.StartsWith("deliver", StringComparison.Ordinal)
                || a.StartsWith("relay", StringComparison.Ordinal)
                || a.StartsWith("expanded", StringComparison.Ordinal) => BounceKind.Delivered,
            { Length: > 0 } => BounceKind.Bounce,
            _ when status?.Class == 2 => BounceKind.Delivered,
            _ => told.IsDelay ? BounceKind.Delayed : BounceKind.Bounce,
        };

    /// <summary><c>smtp; 550 …</c>: what follows the type (RFC 3464 §2.3.6).</summary>
    private static string Diagnostic(string? field)
    {
        // X-Unix is a program's exit code (sysexits.h): the type says more than the number.
        if (field is null || field.StartsWith("x-unix", StringComparison.OrdinalIgnoreCase)) return field ?? "";
        var semicolon = field.IndexOf(';', StringComparison.Ordinal);
        var hasType = semicolon is > 0 and < 20 && !field[..semicolon].Contains(' ');
        return Lines.OneLine(hasType ? field[(semicolon + 1)..] : field);
    }

    /// <summary>The text tells it where the field does not; a transcript does not say whose it is.</summary>
    private static SmtpStep Step(List<string> texts, SmtpStep transcript)
    {
        foreach (var text in texts.Take(2))
            if (Steps.Of(text) is var step and not SmtpStep.None) return step;
        return transcript;
    }
}
