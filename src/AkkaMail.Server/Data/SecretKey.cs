using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace AkkaMail.Server.Data;

/// <summary>What was set; null: nothing was.</summary>
internal sealed record SecretKey(string? Text);

/// <summary>
/// Wraps the key ring by <c>AkkaMail:Storage:SecretKey</c>, so that who has the database, or a dump of it, does not have
/// the private keys of domains: AES-256-GCM by a key that HKDF-SHA256 (RFC 5869) makes of the setting.
/// </summary>
internal sealed class SecretKeyEncryptor(string secretKey) : IXmlEncryptor
{
    /// <summary>What it makes of an element.</summary>
    public const string ElementName = "secretKey";

    private const int NonceBytes = 12, TagBytes = 16;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using (var aes = new AesGcm(KeyOf(secretKey), TagBytes))
            aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(^TagBytes..));
        return new(new XElement(ElementName, new XElement("value", Convert.ToBase64String(sealedBytes))),
            typeof(SecretKeyDecryptor));
    }

    /// <exception cref="CryptographicException">It was wrapped by another key.</exception>
    public static XElement Decrypt(string secretKey, XElement element)
    {
        var sealedBytes = Convert.FromBase64String((string)element.Element("value")!);
        if (sealedBytes.Length < NonceBytes + TagBytes) throw new CryptographicException("a key of the key ring is torn");
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using (var aes = new AesGcm(KeyOf(secretKey), TagBytes))
            aes.Decrypt(sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes, plain.Length),
                sealedBytes.AsSpan(^TagBytes..), plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }

    private static byte[] KeyOf(string secretKey) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secretKey), 32, info: "AkkaMail key ring v1"u8.ToArray());
}

/// <summary>Made by the data protection for each element that <see cref="SecretKeyEncryptor"/> has wrapped.</summary>
internal sealed class SecretKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => SecretKeyEncryptor.Decrypt(
        services.GetRequiredService<SecretKey>().Text
            ?? throw new CryptographicException("the key ring is wrapped, and no Storage:SecretKey is set"),
        encryptedElement);
}
