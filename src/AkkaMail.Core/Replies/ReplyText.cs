namespace AkkaMail.Core.Replies;

/// <summary>
/// What a reply or a diagnostic says of itself. <paramref name="Code"/> 0 and <paramref name="Status"/> null are "none
/// given"; the words are those of <see cref="Wording"/>.
/// </summary>
internal sealed record ReplyText(int Code, EnhancedCode? Status, SmtpStep Step, string Words)
{
    /// <summary>The code counts before the status: it is what an MTA acts upon (RFC 5321 §4.2.1).</summary>
    public bool IsTemporary => Code != 0 ? Code is >= 400 and < 500 : Status?.Class == 4;

    /// <summary>Of at most <see cref="SmtpReply.TextMax"/> characters; what a field says wins.</summary>
    public static ReplyText Read(string text, EnhancedCode? status, SmtpStep step)
    {
        var cut = text.AsSpan(0, Math.Min(text.Length, SmtpReply.TextMax)).Trim();
        cut = Quoted(cut);
        var code = Codes.Reply(cut);
        var said = Codes.Status(cut);
        if (status is null || said is not null && IsVague(status.Value)) status = said ?? status;
        if (step == SmtpStep.None) step = Steps.Of(cut);
        return new(code, status, step, WithoutRepeats(Wording.Of(cut), code, status));
    }

    /// <summary>IronPort and SES put the receiver's reply in quotes behind a status of their own.</summary>
    private static ReadOnlySpan<char> Quoted(ReadOnlySpan<char> text)
    {
        const string Opening = "Unknown address error ";
        var at = text.IndexOf(Opening, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? text : text[(at + Opening.Length)..].TrimStart('\'');
    }

    private static bool IsVague(EnhancedCode status) => status is { Detail: 0 };

    /// <summary>Lines of one reply repeat code and status in the middle of a sentence (RFC 5321 §4.2.1).</summary>
    private static string WithoutRepeats(string words, int code, EnhancedCode? status)
    {
        if (code != 0) words = words.Replace(string.Create(null, $" {code} "), " ", StringComparison.Ordinal);
        if (status is not null) words = words.Replace($" {status} ", " ", StringComparison.Ordinal);
        return words;
    }
}
