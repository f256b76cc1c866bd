using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

internal static class Lines
{
    /// <summary>Lines looked at; reports say what they have to say at the top.</summary>
    public const int Max = 500;

    /// <summary>Of the plain text, else of the HTML without its tags.</summary>
    public static List<string> Of(ParsedMail mail)
    {
        var text = mail.Parts.Where(p => p.Type == "text/plain").Select(p => p.Text).DefaultIfEmpty("")
            .Aggregate((all, next) => all.Length < ParsedMail.TextMax ? $"{all}\n{next}" : all);
        if (string.IsNullOrWhiteSpace(text))
            text = mail.Parts.FirstOrDefault(p => p.Type == "text/html") is { } html ? HtmlText.Of(html.Text) : "";
        var lines = new List<string>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (lines.Count == Max) break;
            lines.Add(line[..Math.Min(line.Length, SmtpReply.TextMax)].ToString());
        }
        return lines;
    }

    /// <summary>Without line breaks, cut at the border.</summary>
    public static string OneLine(string text)
    {
        if (text.Length > 2 * SmtpReply.TextMax) text = text[..(2 * SmtpReply.TextMax)];
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= SmtpReply.TextMax ? line : line[..SmtpReply.TextMax];
    }
}
