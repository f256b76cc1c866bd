using AkkaMail.Core.Replies;
using CsCheck;

namespace AkkaMail.Core.Tests.Replies;

public sealed class PhraseTests
{
    [Theory]
    [InlineData("no such user", "550 No such user here", true)]
    [InlineData("no such user", "no such users", false)]
    [InlineData("throttl*", "Throttled - try later", true)]
    [InlineData("doesn't exist", "it doesn’t  exist", true)]
    [InlineData("user * not found", "the user ann was not found", true)]
    [InlineData("user * not found", "not found: the user", false)]
    [InlineData("user * not found", "user, and then a lot more than sixty characters that stand between it and not found", false)]
    [InlineData("user * * found", "user a b found", true)]
    [InlineData("user * found * here", "user found here", true)]
    [InlineData("ユーザー", "ユーザーが見つかりません", true)]
    [InlineData("spf", "an SPF-check", true)]
    [InlineData("full", "<full@example.com> is", false)]
    public void A_phrase_stands_in_a_text(string phrase, string text, bool fits)
    {
        var read = Phrase.Read(phrase);

        Assert.Equal(fits, read is not null && Fits(read, text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("user * ")]
    [InlineData("!?")]
    public void What_has_no_word_is_no_phrase(string text) => Assert.Null(Phrase.Read(text));

    /// <summary>One pass for all phrases finds what looking for each alone does.</summary>
    [Fact]
    public void All_phrases_are_found_at_once()
    {
        var word = Pick("a", "b", "ab", "ba", "aab", "user", "not");
        var words = Gen.Select(word.Array[1, 3], parts => string.Join(' ', parts));
        Gen.Select(words.Array[1, 12], word.Array[0, 40]).Sample((phrases, text) =>
        {
            Phrase[] read = [.. phrases.Select(p => Phrase.Read(p)!)];
            var index = new PhraseIndex(read);
            var joined = Wording.Of(string.Join(' ', text));

            var found = index.Search(joined);

            Assert.All(read, p => Assert.Equal(
                joined.Contains(Wording.Of(p.Text), StringComparison.Ordinal), found.Has(index.Numbers(p))));
        });
    }

    private static bool Fits(Phrase phrase, string text)
    {
        var index = new PhraseIndex([phrase]);
        return index.Search(Wording.Of(text)).Has(index.Numbers(phrase));
    }

    private static Gen<string> Pick(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);
}
