using System.Text;
using System.Text.RegularExpressions;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Rules;

/// <summary>
/// What rules decide; the words are kept. <c>engagement</c> is reserved for those of opens and clicks.
/// </summary>
public enum RulesKind : byte
{
    /// <summary>How fast mail goes, on which way and when again.</summary>
    [Word("shaping")] Shaping = 0,

    /// <summary>What a receiver's words mean.</summary>
    [Word("bounces")] Bounces = 1,
}

/// <summary>
/// A text of rules as it was written, under the version that events name it by. <paramref name="Over"/> is the version
/// of the shipped text below it, which went into its version too; null: it is the shipped one itself.
/// </summary>
public sealed partial record RulesText(RulesKind Kind, string Version, string? Over, string Text)
{
    /// <summary>
    /// Without the passwords of proxies: what is kept for ever has no secret. Nothing is decided by one.
    /// </summary>
    public static RulesText Of(RulesKind kind, string version, string? over, ReadOnlySpan<byte> utf8) =>
        new(kind, version, over, Encoding.UTF8.GetString(WithoutPasswords(utf8)));

    /// <summary>The same bytes where there is none.</summary>
    internal static ReadOnlySpan<byte> WithoutPasswords(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        return Password().IsMatch(text) ? Encoding.UTF8.GetBytes(Password().Replace(text, "***")) : utf8;
    }

    [GeneratedRegex("""(?<=:(?:\\?/){2}[^\s"/@:]*:)[^\s"/@]+(?=@)""")]
    private static partial Regex Password();
}
