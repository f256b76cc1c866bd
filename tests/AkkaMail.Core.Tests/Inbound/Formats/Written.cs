using System.Collections.Immutable;
using AkkaMail.Core.Inbound;

namespace AkkaMail.Core.Tests.Inbound.Formats;

/// <summary>Mails as MIME would have been read, written in short.</summary>
internal static class Written
{
    /// <summary>A header, a blank line, and plain text.</summary>
    public static ParsedMail Plain(string mail)
    {
        var (header, text) = mail.Split("\n\n", 2) is [var before, var behind] ? (before, behind) : (mail, "");
        return Of(header, ("text/plain", text));
    }

    public static ParsedMail Of(string header, params (string Type, string Text)[] parts) => new(
        [.. header.Split('\n').Select(line => line.Split(": ", 2)).Select(field => new MailField(field[0], field[1]))],
        [.. parts.Select(part => new ReportPart(part.Type, part.Text))], null);
}
