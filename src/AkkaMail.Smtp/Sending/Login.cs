using System.Net;
using System.Text;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using MailKit.Security;

namespace AkkaMail.Smtp.Sending;

/// <summary>Who we are to a smarthost (RFC 4954). Neither name nor password gets into a reply.</summary>
internal sealed class Login(string user, string password)
{
    /// <summary>Stands for our user name in the smarthost's text.</summary>
    private const string UserMark = "{user}";

    /// <summary>Those that need a name and a password; MailKit would also try what a domain controller knows.</summary>
    private static bool IsKnown(string mechanism) =>
        mechanism is "PLAIN" or "LOGIN" or "CRAM-MD5" || mechanism.StartsWith("SCRAM-SHA-", StringComparison.Ordinal);

    /// <summary>Null without a user; <paramref name="problem"/>: there is one, and nothing to log in with.</summary>
    public static Login? Of(Smarthost? smarthost, Func<string, string?> secret, out string? problem)
    {
        problem = null;
        if (smarthost?.User is not { } user) return null;
        var password = smarthost.PasswordVariable is { } variable ? secret(variable) : null;
        if (!string.IsNullOrEmpty(password)) return new(user, password);
        problem = "The smarthost's password is not in the environment: "
            + (smarthost.PasswordVariable is { } unset ? $"{unset} is not set" : "no variable is named");
        return null;
    }

    /// <summary>Throws as MailKit does.</summary>
    public Task RunAsync(SmtpConnection connection, CancellationToken cancel)
    {
        connection.Dialogue.BeginAuth();
        connection.AuthenticationMechanisms.RemoveWhere(mechanism => !IsKnown(mechanism));
        return connection.AuthenticateAsync(Encoding.UTF8, new NetworkCredential(user, password), cancel);
    }

    public SmtpReply Hide(SmtpReply reply) => reply with
    {
        Text = reply.Text.Replace(password, "{password}", StringComparison.Ordinal)
            .Replace(user, UserMark, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>Null: it is no failure of AUTH.</summary>
    public static SmtpReply? Failure(Exception e) => e switch
    {
        AuthenticationException => SmtpReply.None("The smarthost and we did not agree on AUTH"),
        NotSupportedException => SmtpReply.None("The smarthost offers no AUTH that we know"),
        _ => null,
    };
}
