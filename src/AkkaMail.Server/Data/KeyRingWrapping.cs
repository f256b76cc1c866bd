using System.Security.Cryptography;
using System.Xml.Linq;

namespace AkkaMail.Server.Data;

/// <summary>Wraps what a key of the ring keeps in clear, as the data protection itself does where it is told to.</summary>
internal static class KeyRingWrapping
{
    private static readonly XNamespace DataProtection = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XName Mark = DataProtection + "requiresEncryption";
    private static readonly XName Sealed = DataProtection + "encryptedSecret";

    public static bool IsInClear(XElement element) => element.DescendantsAndSelf().Any(IsMarked);

    public static XElement Wrap(XElement element, string secretKey)
    {
        var wrapped = new XElement(element);
        foreach (var secret in wrapped.Descendants().Where(IsMarked).ToList())
        {
            var sealedInfo = new SecretKeyEncryptor(secretKey).Encrypt(secret);
            secret.ReplaceWith(new XElement(Sealed,
                new XAttribute("decryptorType", sealedInfo.DecryptorType.AssemblyQualifiedName!), sealedInfo.EncryptedElement));
        }
        return wrapped;
    }

    /// <summary>What is wrong with the secret key for a ring that lies there; null: it opens all that one has wrapped.</summary>
    public static string? ProblemOf(IEnumerable<XElement> ring, string? secretKey, string where)
    {
        var wrapped = ring.SelectMany(key => key.Descendants(Sealed)).Elements(SecretKeyEncryptor.ElementName).ToList();
        if (wrapped.Count == 0) return null;
        if (secretKey is null)
            return $"AkkaMail:Storage:SecretKey is not set, and the key ring in {where} is wrapped by one: set that one.";
        return wrapped.All(Opens) ? null
            : $"AkkaMail:Storage:SecretKey is not the one that wraps the key ring in {where}: set that one.";

        bool Opens(XElement element)
        {
            try { return SecretKeyEncryptor.Decrypt(secretKey, element) is not null; }
            catch (Exception e) when (e is CryptographicException or FormatException) { return false; }
        }
    }

    private static bool IsMarked(XElement element) => (bool?)element.Attribute(Mark) == true;
}
