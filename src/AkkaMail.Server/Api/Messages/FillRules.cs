using System.Collections.Immutable;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// What filling makes of each mail, known before the mail is promised: that every placeholder has its variable, and
/// that what comes of it is no larger than a mail may be. Texts are read once; each mail is arithmetic then.
/// </summary>
/// <param name="madeText">Of the HTML: its placeholders are those of the HTML, and only its length counts.</param>
internal sealed class FillRules(SendRequest request, string? madeText, SendLimits limits, FieldErrors errors)
{
    /// <summary>Characters of a name in a message: longer ones are no names.</summary>
    private const int ShownMax = FieldRules.NameMax;

    /// <summary>A text of the mail; a shared one is the same for all mails.</summary>
    private sealed record Piece(string Field, FillTally Tally, FillMode Mode, long Max, bool IsShared = true)
    {
        public bool IsMade { get; init; }
    }

    // Where nobody has a variable, braces are the sender's own.
    private readonly bool _isFilled = request.Variables is { Count: > 0 }
        || request.Personalizations?.Any(p => p?.Variables is { Count: > 0 }) == true;

    private readonly Piece? _subject =
        Shared("subject", request.Subject, FillMode.Line, limits.SubjectBytesMax, limits);
    private readonly Piece? _text =
        Shared("text", request.Text?.Value ?? madeText, FillMode.Text, limits.MailBytesMax, limits) is { } text
            ? text with { IsMade = madeText is not null } : null;
    private readonly Piece? _html = Shared("html", request.Html, FillMode.Html, limits.MailBytesMax, limits);
    private readonly long _files = request.Attachments?.Sum(a => a?.Octets?.Length ?? 0) ?? 0;

    // By filling, to the mails so far, of each recipient.
    private long _added;

    // A value that all mails share is measured once. By reference: two equal ones would be hashed to the end.
    private readonly Dictionary<Variable, long>[] _octets =
        [.. Enum.GetValues<FillMode>()
            .Select(_ => new Dictionary<Variable, long>(ReferenceEqualityComparer.Instance))];

    /// <summary>What is the same for all mails.</summary>
    public void Shared(Mailbox? from, ImmutableArray<Mailbox> replyTo)
    {
        foreach (var piece in new[] { _subject, _text, _html })
            if (piece is { IsMade: false }) Reserved(piece);
        Unfilled("from", from?.Name);
        Names("reply_to", request.ReplyTo, replyTo);
        Headers("", request.Headers);
        for (var i = 0; i < request.Attachments?.Length; i++)
            Unfilled($"attachments[{i}].filename", request.Attachments[i]?.Filename);
    }

    /// <summary>
    /// The mail with those of the variables that a placeholder names. The others fill nothing, now or at any attempt, so
    /// they are not kept: who sends all that is known of a person has sent more than the mail says.
    /// </summary>
    /// <param name="path">Empty, or of a personalization, with its dot.</param>
    /// <param name="given">The mail's own variables, and those of all that it has none of its own for.</param>
    /// <param name="isWhole">No variable was refused: one that is missing was not given.</param>
    public MailEnvelope Mail(
        string path, SendPersonalization own, MailEnvelope mail, ImmutableArray<GivenVariable> given, bool isWhole)
    {
        var subject = path.Length == 0 || own.Subject is null ? _subject
            : Shared($"{path}subject", own.Subject, FillMode.Line, limits.SubjectBytesMax, limits)! with
            {
                IsShared = false,
            };
        if (subject is { IsShared: false }) Reserved(subject);
        if (path.Length > 0) Headers(path, own.Headers);
        if (!_isFilled) return mail;

        Names($"{path}to", own.To, mail.To);
        Names($"{path}cc", own.Cc, mail.Cc);
        Names($"{path}bcc", own.Bcc, mail.Bcc);
        var (total, errorsBefore) = (_files, errors.All.Count);
        var variables = given.ToDictionary(v => v.Name, StringComparer.Ordinal);
        var added = 0L;
        foreach (var piece in new[] { subject, _text, _html })
            if (piece is not null)
            {
                var filled = Filled(path, piece, variables, isWhole);
                (total, added) = (total + filled, added + filled - piece.Tally.Octets);
            }
        if (total > limits.MailBytesMax && errors.All.Count == errorsBefore)
            errors.Add($"{path}variables", $"make the mail longer than {limits.MailBytesMax} bytes");
        // What is refused by itself has its error, and is not sent.
        if (errors.All.Count == errorsBefore)
            All($"{path}variables", Math.Max(0, added) * Math.Max(1, mail.To.Length + mail.Cc.Length + mail.Bcc.Length));
        return mail with
        {
            Variables = [.. given.Where(v => Uses(subject, v) || Uses(_text, v) || Uses(_html, v)).Select(v => v.Variable)],
        };
    }

    private static bool Uses(Piece? piece, GivenVariable variable) => piece?.Tally.Has(variable.Name) == true;

    /// <summary>A few bytes of a request become a mail of megabytes; a thousand of them are said no to once.</summary>
    private void All(string field, long added)
    {
        var isOver = _added > limits.FilledBytesMax;
        _added += added;
        if (!isOver && _added > limits.FilledBytesMax)
            errors.Add(field, $"add more than {limits.FilledBytesMax} bytes to the mails of this call together; "
                + "send it in several calls");
    }

    /// <summary>Octets of a text of this mail.</summary>
    private long Filled(string path, Piece piece, Dictionary<string, GivenVariable> variables, bool isWhole)
    {
        var isOther = piece.IsShared && path.Length > 0;
        foreach (var use in piece.Tally.Uses)
        {
            if (piece.IsMade || !isWhole || variables.ContainsKey(use.Name) || IsReserved(use)) continue;
            // The first one says enough.
            if (isOther) errors.Add($"{path}variables", $"have no value for {Shown(use)} of {piece.Field}");
            else errors.Add(piece.Field, $"has {Shown(use)}, which no variable fills");
            break;
        }
        var octets = piece.Tally.Filled(name =>
            variables.TryGetValue(name, out var variable) ? OctetsOf(variable.Variable, piece.Mode) : null);
        // Too long as it stands is said elsewhere.
        if (octets <= piece.Max || piece.Tally.Octets > piece.Max) return octets;
        if (isOther) errors.Add($"{path}variables", $"make {piece.Field} longer than {piece.Max} bytes");
        else errors.Add(piece.Field, $"is longer than {piece.Max} bytes once it is filled");
        return octets;
    }

    private long OctetsOf(Variable variable, FillMode mode)
    {
        var known = _octets[(int)mode];
        if (!known.TryGetValue(variable, out var octets))
            known.Add(variable, octets = Filling.Octets(variable.Value, mode));
        return octets;
    }

    private void Reserved(Piece piece)
    {
        foreach (var use in piece.Tally.Uses)
            if (IsReserved(use)) errors.Add(piece.Field, NotYet(use));
    }

    private void Headers(string path, Dictionary<string, string?>? headers)
    {
        if (headers is null || headers.Count > limits.HeadersMax) return;
        foreach (var (name, value) in headers) Unfilled($"{path}headers.{name}", value);
    }

    private void Names(string field, SendAddress[]? given, ImmutableArray<Mailbox> read)
    {
        if (given?.Length != read.Length) return;   // One was refused: the rest have moved up.
        for (var i = 0; i < read.Length; i++)
            Unfilled(field == "reply_to" && read.Length == 1 ? field : $"{field}[{i}]", read[i].Name);
    }

    /// <summary>A text in which nothing is filled: who writes a placeholder there believes otherwise.</summary>
    private void Unfilled(string field, string? text)
    {
        if (text?.Contains("{{", StringComparison.Ordinal) != true) return;   // Nearly all there are.
        if (new FillTally(text, NamesMax(limits)).Uses is not [var first, ..] uses) return;
        if (uses.FirstOrDefault(IsReserved) is { Name: not null } reserved) errors.Add(field, NotYet(reserved));
        else if (_isFilled)
            errors.Add(field, $"has {Shown(first)}, and only subject, text and html are filled");
    }

    private static Piece? Shared(string field, string? text, FillMode mode, long max, SendLimits limits) =>
        text is null ? null : new(field, new(text, NamesMax(limits)), mode, max);

    /// <summary>A mail has its own variables and those of the call.</summary>
    private static int NamesMax(SendLimits limits) => 2 * limits.VariablesMax + 1;

    private static bool IsReserved(PlaceholderUse use) => PlaceholderReader.Reserved.Contains(use.Name);

    private static string NotYet(PlaceholderUse use) =>
        $"has {Shown(use)}, which the engine will fill itself, but not yet";

    private static string Shown(PlaceholderUse use)
    {
        var name = use.Name.Length <= ShownMax ? use.Name : use.Name[..ShownMax] + "…";
        return $"{{{{{name}}}}} at character {use.Start + 1}";
    }
}
