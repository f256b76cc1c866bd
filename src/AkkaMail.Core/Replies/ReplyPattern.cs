using System.Text.RegularExpressions;

namespace AkkaMail.Core.Replies;

/// <summary>
/// An operator's own words for a reply, over <c>421 4.7.28 text</c> without case; non-backtracking, so that a hostile
/// reply costs nothing.
/// </summary>
public sealed class ReplyPattern
{
    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private readonly Regex _regex;

    private ReplyPattern(Regex regex) => _regex = regex;

    /// <summary>Null, and why, when it is no expression or one that could run long.</summary>
    public static ReplyPattern? Read(string text, out string? problem)
    {
        problem = null;
        try { return new(new Regex(text, Options)); }
        catch (ArgumentException e) { problem = $"is no regular expression: {e.Message}"; }
        catch (NotSupportedException)
        {
            problem = "looks around, refers back or repeats too much: a hostile reply could make that run long";
        }
        return null;
    }

    public bool IsIn(SmtpReply reply) => _regex.IsMatch(reply.Line);

    public override string ToString() => _regex.ToString();
}
