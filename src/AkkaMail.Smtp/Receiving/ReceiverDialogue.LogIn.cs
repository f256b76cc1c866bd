using System.Text;
using System.Text.Unicode;

namespace AkkaMail.Smtp.Receiving;

/// <summary>AUTH (RFC 4954) with PLAIN (RFC 4616) and LOGIN, which is older and in use.</summary>
internal sealed partial class ReceiverDialogue
{
    /// <summary>What takes the next line, within AUTH; null: it is a command.</summary>
    private Func<string, ValueTask>? _answer;
    private int _failedLogins;

    /// <summary>RFC 4954 §4: the first answer may stand behind the mechanism; <c>=</c> is an empty one.</summary>
    private ValueTask AuthAsync(string argument)
    {
        if (options.Authenticate is null) return Refuse(Refusals.Unknown);
        if (session.ClientName.Length == 0) return Refuse(Refusals.HelloFirst);
        if (session.Client is not null || _mailFrom is not null) return Refuse(Refusals.AuthNow);
        if (!session.IsPrivate) return Refuse(Refusals.AuthInClear);
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2) return Refuse(Refusals.Syntax);
        var first = words.Length == 2 ? words[1] : null;
        return words[0].ToUpperInvariant() switch
        {
            "PLAIN" => Ask("", first, PlainAsync),
            // "Username:" and "Password:", as clients of this old mechanism expect them.
            "LOGIN" => Ask("VXNlcm5hbWU6", first,
                user => Ask("UGFzc3dvcmQ6", null, password => LogInAsync(user, password))),
            _ => Refuse(Refusals.AuthMechanism),
        };
    }

    /// <summary>Says what is asked for unless it has been said, and gives the answer on, decoded.</summary>
    private ValueTask Ask(string challenge, string? said, Func<string, ValueTask> then)
    {
        if (said is not null) return Take(said);
        _answer = Take;
        Answer(new(334, challenge));
        return ValueTask.CompletedTask;

        ValueTask Take(string line)
        {
            if (line == "*") return Refuse(Refusals.AuthCancelled);
            return Decoded(line == "=" ? "" : line) is { } text ? then(text) : Refuse(Refusals.AuthBase64);
        }
    }

    /// <summary>RFC 4616 §2: who to act for, who it is, and the password, with NULs between.</summary>
    private ValueTask PlainAsync(string message)
    {
        if (message.Split('\0') is not [var actsFor, var user, var password]) return Refuse(Refusals.AuthBase64);
        if (actsFor.Length == 0 || actsFor == user) return LogInAsync(user, password);
        Answer(Refusals.AuthForAnother);
        CountFailure();
        return ValueTask.CompletedTask;
    }

    private async ValueTask LogInAsync(string user, string password)
    {
        var reply = await options.Authenticate!(session, user, password);
        Answer(reply);
        if (reply.Code != 235) CountFailure();
    }

    private void CountFailure()
    {
        if (++_failedLogins >= options.FailedLoginsMax && State is DialogueState.Open) Answer(Refusals.TooManyLogins);
    }

    private static string? Decoded(string base64)
    {
        var octets = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, octets, out var length)) return null;
        return Utf8.IsValid(octets.AsSpan(0, length)) ? Encoding.UTF8.GetString(octets, 0, length) : null;
    }

    private ValueTask Refuse(ReceiverReply reply)
    {
        Error(reply);
        return ValueTask.CompletedTask;
    }
}
