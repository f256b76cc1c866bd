using System.Security.Cryptography;
using System.Xml.Linq;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Tests.Data;

public sealed class KeyRingWrappingTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    /// <summary>As ASP.NET's data protection writes a key that is in clear.</summary>
    private static readonly XElement Key = XElement.Parse("""
        <key id="1" version="1"><descriptor><descriptor><encryption algorithm="AES_256_CBC" />
        <masterKey p:requiresEncryption="true" xmlns:p="http://schemas.asp.net/2015/03/dataProtection"><value>bWFzdGVy</value></masterKey>
        </descriptor></descriptor></key>
        """);

    [Fact]
    public void What_is_secret_of_a_key_is_read_by_the_secret_key_alone()
    {
        var wrapped = KeyRingWrapping.Wrap(Key, Secret);

        Assert.DoesNotContain("bWFzdGVy", wrapped.ToString(), StringComparison.Ordinal);
        Assert.False(KeyRingWrapping.IsInClear(wrapped));
        var sealedKey = wrapped.Descendants(
            XName.Get("encryptedSecret", "http://schemas.asp.net/2015/03/dataProtection")).Single();
        Assert.Equal(typeof(SecretKeyDecryptor).AssemblyQualifiedName, (string?)sealedKey.Attribute("decryptorType"));
        Assert.Equal("bWFzdGVy", SecretKeyEncryptor.Decrypt(Secret, sealedKey.Elements().Single()).Value);
        Assert.ThrowsAny<CryptographicException>(
            () => SecretKeyEncryptor.Decrypt(Secret + "x", sealedKey.Elements().Single()));
    }

    [Fact]
    public void Whoever_has_another_secret_key_or_none_is_told_before_the_ring_is_read()
    {
        XElement[] ring = [Key, KeyRingWrapping.Wrap(Key, Secret)];

        Assert.Null(KeyRingWrapping.ProblemOf(ring, Secret, "here"));
        Assert.Null(KeyRingWrapping.ProblemOf([Key], null, "here"));
        Assert.Contains("is not the one that wraps the key ring in here",
            KeyRingWrapping.ProblemOf(ring, Secret + "x", "here"), StringComparison.Ordinal);
        Assert.Contains("is not set", KeyRingWrapping.ProblemOf(ring, null, "here"), StringComparison.Ordinal);
        ring[1].Descendants("value").Single().Value = "torn";
        Assert.NotNull(KeyRingWrapping.ProblemOf(ring, Secret, "here"));
    }

    [Fact]
    public void What_is_wrapped_stays_as_it_is_and_what_was_given_too()
    {
        var wrapped = KeyRingWrapping.Wrap(Key, Secret);

        Assert.Equal(wrapped.ToString(), KeyRingWrapping.Wrap(wrapped, Secret).ToString());
        Assert.True(KeyRingWrapping.IsInClear(Key));
    }
}
