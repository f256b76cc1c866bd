using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>The phrases by which MTAs and providers are known to open, part and end a report.</summary>
internal static class ReportWords
{
    private static readonly Phrases Failures = new(
        "could not be delivered", "couldnt be delivered", "cannot be delivered", "can not be delivered",
        "cant be delivered", "undeliver*", "delivery * failed", "delivery failed", "failed permanently",
        "failed to deliver", "delivery failure", "was not delivered", "wasnt delivered", "were not delivered",
        "not delivered", "unable to deliver", "wasnt able to deliver", "did not reach", "delivery has failed",
        "delivery problem*", "permanent fatal errors", "permanent delivery errors", "transient * errors",
        "addresses had * errors", "returned message", "returned to sender", "returned mail", "returned below",
        "error delivering", "failed to be delivered", "could not deliver", "couldnt deliver",
        "following address* * failed", "did not receive this message", "rejected by a remote mail server",
        "account is disabled", "transcript of session", "failure reasons", "non delivered", "non delivery",
        "message was rejected", "message has been rejected", "could not be sent", "not be sent to",
        "mail delivery error", "delivery status notification", "failed recipients", "unsent message",
        "message is delayed", "has been delayed", "not yet been delivered", "delivery * delayed", "delivery error",
        "had delivery", "was rejected by", "bounced", "the following recipient*", "failed addresses",
        "failed address", "nicht zugestellt", "unzustellbar", "nicht erreicht", "pas pu être", "n a pas été remis",
        "non remis", "non è stato * recapit*", "non recapitabile", "no se pudo entregar", "no se ha podido",
        "no entregado", "não pôde ser", "não foi entregue", "не может быть доставлено", "не доставлено",
        "недоставлен*", "не удалось доставить", "送 信 で き ま せ ん", "配 信 で き ま せ ん", "届 け で き ま せ ん", "送 信 に 失 敗",
        "投 稿 で き な か っ た", "退 信", "无 法 投 递", "無 法 投 遞", "groups google com support", "trouble delivering",
        "rejected recipient", "incorrectly constructed", "malformed address", "not a member of this",
        "could not be reached", "unknown user", "no such user", "mailbox unavailable", "message was undeliverable",
        "error message below", "message size exceeds", "user unknown", "mailbox full", "sorry your message");

    private static readonly Phrases Delays = new(
        "warning message only", "has been delayed", "is delayed for more", "message is delayed",
        "not yet been delivered", "could not be delivered yet", "temporary failure report", "will be retried for",
        "will keep trying", "delivery attempts will continue", "still being retried", "will continue to try",
        "this is a warning", "will be retried", "message * delayed", "delivery * delayed", "wird verzögert",
        "a été retardée");

    private static readonly string[] DelaySubjects =
    [
        "(delay)", "delayed mail", "could not send message for past", "delayed", "delay in delivery",
        "still being retried",
    ];

    private static readonly string[] Returned =
    [
        "--- below this line", "this is a copy of the message", "this is a copy of", "message headers follow",
        "original message follows", "original message -", "original message headers", "original message:",
        "-original message", "original m", "original message", "returned message -", "returned message",
        "included is a copy of", "below is a copy of the", "unsent message", "message header follows",
        "undelivered message", "the header of the original", "a copy of the original", "the original message follows",
        "message text follows", "a copy of the message", "copy of your message", "copy of the message",
        "text of your message follows", "the first 50 lines", "the following is a copy", "content of the original",
        "message contents follow", "original mail info", "returned mail follows", "headers of the message",
        "headers of the original", "headers follow", "message content follows", "original text follows",
        "here is a copy of", "here is your returned", "origin message", "ursprüngliche nachricht",
        "message d'origine",
    ];

    /// <summary>What a delayed mail is put down to when nothing else is said.</summary>
    public const string Delayed = "Delivery has been delayed";

    /// <summary>Whom to ask, and who sent it: no recipient.</summary>
    public static bool IsContact(string line) => Has(line,
        ["contact", "assistance", "help", "from:", "mail from", "sender", "postmaster of", "questions", "support"]);

    public static bool IsFailure(string words) => Failures.Any(words);

    public static bool IsDelay(string words) => Delays.Any(words);

    public static bool HasDelaySubject(string subject) => Has(subject, DelaySubjects);

    /// <summary>From here on it is the returned mail: by words at the start of a line, or its trace fields.</summary>
    public static bool IsReturned(string line)
    {
        if (line.StartsWith("Received: ", StringComparison.Ordinal) || line.StartsWith("Return-Path: ", StringComparison.OrdinalIgnoreCase)
            || line.StartsWith("DKIM-Signature: ", StringComparison.OrdinalIgnoreCase)) return true;
        var text = line.AsSpan().Trim("-=*_|+> \t");
        if (text.Length is 0 or > 120) return false;
        foreach (var words in Returned)
            if (text.StartsWith(words, StringComparison.OrdinalIgnoreCase)
                && (words.Length > 12 || line.AsSpan().TrimStart()[0] is '-' or '=' or '*')) return true;
        return false;
    }

    /// <summary>A heading or line of dashes: <c>----- Transcript of session follows -----</c>.</summary>
    public static bool IsRule(string line) => line.TrimStart().StartsWith("---", StringComparison.Ordinal);

    private static bool Has(string text, string[] words)
    {
        foreach (var word in words)
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private sealed class Phrases
    {
        private readonly PhraseIndex _index;
        private readonly System.Collections.Immutable.ImmutableArray<int>[] _numbers;

        public Phrases(params string[] texts)
        {
            Phrase[] phrases = [.. texts.Select(text => Phrase.Read(text)!)];
            _index = new(phrases);
            _numbers = [.. phrases.Select(_index.Numbers)];
        }

        public bool Any(string words)
        {
            var found = _index.Search(words);
            foreach (var phrase in _numbers)
                if (found.Has(phrase)) return true;
            return false;
        }
    }
}
