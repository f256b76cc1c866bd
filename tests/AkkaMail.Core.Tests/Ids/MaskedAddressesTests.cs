using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tests.Ids;

public sealed class MaskedAddressesTests
{
    [Theory]
    [InlineData("ann@example.com", "a***@example.com")]
    [InlineData("a@b.test", "a***@b.test")]
    [InlineData("550 5.1.1 <ann.smith+x@d1.test>: no such user", "550 5.1.1 <a***@d1.test>: no such user")]
    [InlineData("o'brien@d1.test, zoë@bücher.test", "o***@d1.test, z***@bücher.test")]
    [InlineData("ask root@localhost", "ask r***@localhost")]
    [InlineData("ann@[192.0.2.1]", "a***@[192.0.2.1]")]
    [InlineData("rfc822;ann@d1.test mailto:bob@d1.test?cc=eve@d1.test", "rfc822;a***@d1.test mailto:b***@d***@d1.test")]
    [InlineData("https://d1.test/stop?who=ann%40d1.test", "https:/***%40d1.test")]
    [InlineData("\"ann smith\"@d1.test", "***@d1.test")]
    [InlineData("\"\"\"ann smith\"\"@d1.test\"", "***@d1.test\"")]   // As CSV has it.
    [InlineData("ann@@d1.test", "a***@@d1.test")]
    [InlineData("😀nn@d1.test", "😀***@d1.test")]
    [InlineData("a***@d1.test", "a***@d1.test")]
    [InlineData("akka.tcp://akkamail@127.0.0.1:4053#7 has ann@d1.test", "akka.tcp://akkamail@127.0.0.1:4053#7 has a***@d1.test")]
    [InlineData("akka.ssl.tcp://akkamail@127.0.0.1:4053#7 has ann@d1.test", "akka.ssl.tcp://akkamail@127.0.0.1:4053#7 has a***@d1.test")]
    [InlineData("12:30, 100 % of mx.d1.test", "12:30, 100 % of mx.d1.test")]
    [InlineData("@ ", "@ ")]
    public void Of_an_address_its_first_letter_and_its_domain_are_left(string text, string masked) =>
        Assert.Equal(masked, MaskedAddresses.In(text));

    /// <summary>A stranger's words may be long: each letter is looked at once.</summary>
    [Fact]
    public void A_long_word_without_an_address_is_no_burden()
    {
        var text = new string('a', 2_000_000);

        Assert.Equal(text, MaskedAddresses.In(text));
    }
}
