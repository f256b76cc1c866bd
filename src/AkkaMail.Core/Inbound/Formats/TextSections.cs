using System.Text;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>
/// The text of a report as MTAs write it for people: an opening, then each recipient with what was said of it, then the
/// returned mail. One reading for all of them, since all have these parts.
/// </summary>
internal sealed class TextSections
{
    private readonly List<string> _lines;
    private readonly List<(int Line, string Address, string After)> _recipients = [];

    private TextSections(ParsedMail mail)
    {
        var all = Lines.Of(mail);
        var end = all.FindIndex(ReportWords.IsReturned);
        _lines = end < 0 ? all : all[..end];
        ReturnedTo = end < 0 ? null : all.Skip(end)
            .Where(line => line.StartsWith("To:", StringComparison.OrdinalIgnoreCase))
            .Select(line => Addresses.First(line)).FirstOrDefault(address => address is not null);
        for (var i = 0; i < _lines.Count && _recipients.Count < BounceResult.Max; i++)
            if (RecipientLine.Read(_lines[i]) is { } found) _recipients.Add((i, found.Address, found.After));
        var text = string.Join('\n', _lines.Take(100));
        Words = Wording.Of(text.AsSpan(0, Math.Min(text.Length, WordsMax)));
        Step = Transcript();
        IsDelay = ReportWords.IsDelay(Words) || ReportWords.HasDelaySubject(mail.Header("Subject"));
    }

    private const int WordsMax = 8_192;

    /// <summary>How often one recipient is looked at: some MTAs say all in two languages.</summary>
    private const int PlacesMax = 3;

    public static TextSections Of(ParsedMail mail) => new(mail);

    /// <summary>As <see cref="Wording"/> has them; the first 8 KB.</summary>
    public string Words { get; }

    /// <summary>Of the mail that came back as text below the report.</summary>
    public string? ReturnedTo { get; }

    public SmtpStep Step { get; }

    /// <summary>A line that begins as a refusal does: <c>550 …</c>.</summary>
    public bool HasReply =>
        _lines.Any(line => line.Length > 4 && line[0] is '4' or '5' && Codes.Reply(line.AsSpan(0, 4)) > 0);

    public bool IsDelay { get; }

    public IEnumerable<string> Recipients =>
        _recipients.Select(r => r.Address).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is said of a recipient, the nearest first; of the only one, the rest of the text too.</summary>
    public IEnumerable<string> Of(string address, string other, bool isOnly)
    {
        var places = 0;
        for (var i = 0; i < _recipients.Count && places < PlacesMax; i++)
            if (Is(_recipients[i].Address, address, other))
            {
                places++;
                var (line, _, rest) = _recipients[i];
                var next = _recipients.FindIndex(i + 1, r => !Is(r.Address, address, other));
                var end = next < 0 ? _lines.Count : _recipients[next].Line;
                yield return Text(line + 1, Paragraph(line + 1, end), rest);
                yield return Text(line + 1, end, rest);
            }
        if (!isOnly) yield break;
        yield return Text(0, _recipients.Count > 0 ? _recipients[0].Line : 0, "");
        yield return Text(0, _lines.Count, "");
    }

    private static bool Is(string found, string address, string other) =>
        found.Equals(address, StringComparison.OrdinalIgnoreCase)
        || found.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>The end of the first lines that are not blank.</summary>
    private int Paragraph(int from, int end)
    {
        while (from < end && string.IsNullOrWhiteSpace(_lines[from])) from++;
        while (from < end && !string.IsNullOrWhiteSpace(_lines[from]) && !ReportWords.IsRule(_lines[from])) from++;
        return from;
    }

    private string Text(int from, int end, string first)
    {
        var text = new StringBuilder(first);
        for (var i = from; i < end && text.Length < SmtpReply.TextMax; i++)
            if (!ReportWords.IsRule(_lines[i])) text.Append('\n').Append(_lines[i]);
        return Lines.OneLine(text.ToString());
    }

    /// <summary>
    /// The last command (<c>&gt;&gt;&gt; DATA</c>) before the first refusal (<c>&lt;&lt;&lt; 550</c>).
    /// </summary>
    private SmtpStep Transcript()
    {
        var step = SmtpStep.None;
        foreach (var line in _lines)
            if (line.TrimStart() is var l && l.StartsWith(">>>", StringComparison.Ordinal)) step = Steps.Of(l);
            else if (step != SmtpStep.None && (l.StartsWith("<<< 4", StringComparison.Ordinal)
                || l.StartsWith("<<< 5", StringComparison.Ordinal))) return step;
        return SmtpStep.None;
    }

    /// <summary>Addresses that a sentence is about: <c>delivering your mail to &lt;a@example.com&gt;</c>.</summary>
    public IEnumerable<string> Sentences() => _lines
        .Where(line => line.Contains('@') && !ReportWords.IsContact(line))
        .SelectMany(Addresses.All);

    /// <summary>m-FILTER and others name it below a heading of its own.</summary>
    public SmtpStep NamedStep()
    {
        foreach (var line in _lines.Select(line => line.Trim()))
            if (line is "DATA" or "." or "BDAT") return SmtpStep.Data;
            else if (line.StartsWith("RCPT TO", StringComparison.OrdinalIgnoreCase)) return SmtpStep.RcptTo;
            else if (line.StartsWith("MAIL FROM", StringComparison.OrdinalIgnoreCase)) return SmtpStep.MailFrom;
        return SmtpStep.None;
    }
}
