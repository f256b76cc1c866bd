using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Replies;

/// <summary>Who said it; the numbers are stored.</summary>
public enum ReplyOrigin : byte
{
    Receiver = 0,

    /// <summary>We did, and nothing was asked of the receiver: it may say code and status as a receiver would.</summary>
    Us = 1,

    /// <summary>Nobody: refused, reset, timed out, TLS broken.</summary>
    Network = 2,
}

/// <summary>
/// What the remote server answered. <paramref name="Code"/> is RFC 5321 §4.2, 0 means no answer came at all;
/// <paramref name="Enhanced"/> is RFC 3463, e.g. <c>5.1.1</c>; the text is cut at <see cref="TextMax"/> characters.
/// </summary>
public sealed record SmtpReply(int Code, EnhancedCode? Enhanced, string Text)
{
    /// <summary>Foreign text is cut at the border: one over-long reply must not wedge a journal or a row.</summary>
    public const int TextMax = 2048;

    /// <summary>
    /// Stands for the recipient's address in journaled text; shown as the address while its envelope is kept.
    /// </summary>
    public const string RecipientMark = "{recipient}";

    public string Text { get; init => field = WellFormed.Of(value); } = WellFormed.Of(Text);

    public ReplyOrigin Origin { get; init; }

    public bool IsAccepted => Code is >= 200 and < 300;
    public bool IsPermanent => Code is >= 500 and < 600;

    /// <summary>As it stood in the session: <c>421 4.7.28 text</c>.</summary>
    public string Line => Enhanced is { } enhanced ? $"{Code} {enhanced} {Text}" : $"{Code} {Text}";

    /// <summary>No answer (refused, reset, timed out, TLS failed): always worth another try.</summary>
    public static SmtpReply None(string reason) => new(0, null, Cut(reason)) { Origin = ReplyOrigin.Network };

    /// <summary>Why we asked nothing of the receiver.</summary>
    public static SmtpReply Ours(string reason) => Ours(0, null, reason);

    /// <summary>What a receiver would have to say, which we know before we ask: judged by its code, not its words.</summary>
    public static SmtpReply Ours(int code, EnhancedCode? enhanced, string text) =>
        new(code, enhanced, Cut(text)) { Origin = ReplyOrigin.Us };

    /// <summary>
    /// Reads the enhanced code off the front of the text, where RFC 2034 §4 puts it, and cuts foreign text.
    /// </summary>
    public static SmtpReply Parse(int code, string text)
    {
        var enhanced = EnhancedCode.TryParsePrefix(text, out var parsed, out var length) && parsed.Class == code / 100
            ? parsed : (EnhancedCode?)null;
        return new(code, enhanced, Cut(enhanced is null ? text : text[length..].TrimStart()));
    }

    /// <summary>
    /// Addresses are never journaled: receivers like to repeat them, so the recipient's is replaced by a mark.
    /// </summary>
    public SmtpReply WithoutAddress(string address) =>
        Text.Contains(address, StringComparison.OrdinalIgnoreCase)
            ? this with { Text = Text.Replace(address, RecipientMark, StringComparison.OrdinalIgnoreCase) }
            : this;

    private static string Cut(string text)
    {
        if (text.Length <= TextMax) return text;
        return text[..(char.IsHighSurrogate(text[TextMax - 1]) ? TextMax - 1 : TextMax)];
    }
}
