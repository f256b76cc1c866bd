using AkkaMail.Core.Replies;
using CsCheck;

namespace AkkaMail.Core.Tests.Replies;

public sealed class HostileReplyTests
{
    private static readonly BounceRules Rules = BounceRulesReader.Shipped;

    [Fact]
    public void Any_text_has_a_verdict() => Gen.String.Sample(text => Assert.NotNull(Rules.Classify(text)));

    /// <summary>Words of replies and what stands around them, in any order.</summary>
    [Fact]
    public void Any_mixture_of_words_has_a_verdict() => Pick(
            "550", "5.1.1", "user", "unknown", "<a@b>", "@", "\0", "''", "\ud800", "5.", "550-",
            "Unknown address error '",
            "\r\n", "  ", "mailbox", "full", "not found", ">>> DATA", ":", "[192.0.2.1]")
        .Array[0, 60].Sample(words => Assert.NotNull(Rules.Classify(string.Concat(words))));

    /// <summary>The work is bounded because what is behind the bound is not looked at.</summary>
    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    [InlineData('@')]
    [InlineData('5')]
    [InlineData('\0')]
    public void What_is_behind_two_kilobytes_changes_nothing(char filler)
    {
        var text = "550 5.1.1 User unknown ".PadRight(SmtpReply.TextMax, filler);

        Assert.Equal(Rules.Classify(text), Rules.Classify(text + new string(filler, 1_000_000) + " mailbox full"));
    }

    private static Gen<string> Pick(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);
}
