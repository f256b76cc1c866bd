using System.Security.Cryptography;
using System.Text;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Tests.Rules;

public sealed class RulesTextTests
{
    private const string File = """
        {"version": "ours", /* why */ "defaults": {"rate": "7/s"}}
        """;

    /// <summary>So whoever has the texts can tell that they are the ones.</summary>
    [Fact]
    public void A_version_is_the_hash_of_the_two_texts_that_are_kept_under_it()
    {
        var shaping = ((ShapingReading.Good)ShapingReader.Read(Encoding.UTF8.GetBytes(File), "shaping.json")).Rules.Version;
        var bounces = ((BounceReading.Good)BounceRulesReader.Read("""{"version": "mine"}"""u8.ToArray(), "b.json")).Rules.Version;

        Assert.Equal(HashOf(ShapingReader.ShippedText.Text), ShapingReader.Shipped.Version);
        Assert.Equal($"ours+{HashOf(ShapingReader.ShippedText.Text + File)}", shaping);
        Assert.EndsWith($"+{HashOf(BounceRulesReader.ShippedText.Text)}", BounceRulesReader.Shipped.Version);
        Assert.Equal($"mine+{HashOf(BounceRulesReader.ShippedText.Text + """{"version": "mine"}""")}", bounces);
    }

    [Theory]
    [InlineData("socks5://joe:s3cret%40x@10.0.0.1:1080", "socks5://joe:***@10.0.0.1:1080")]
    [InlineData(@"http:\/\/joe:s3cret@proxy.test:8080", @"http:\/\/joe:***@proxy.test:8080")]
    [InlineData("socks5://10.0.0.1:1080", "socks5://10.0.0.1:1080")]
    [InlineData("ask ops@example.test: it is 12:30", "ask ops@example.test: it is 12:30")]
    public void What_is_kept_for_ever_has_no_password(string written, string kept) => Assert.Equal(
        $"{{\"proxy\": \"{kept}\"}}",
        RulesText.Of(RulesKind.Shaping, "v", null, Encoding.UTF8.GetBytes($"{{\"proxy\": \"{written}\"}}")).Text);

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
