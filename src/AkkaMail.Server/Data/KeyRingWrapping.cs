using System.Xml.Linq;

namespace AkkaMail.Server.Data;

/// <summary>Wraps what a key of the ring keeps in clear, as the data protection itself does where it is told to.</summary>
internal static class KeyRingWrapping
{
    private static readonly XNamespace DataProtection = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XName Mark = DataProtection + "requiresEncryption";

    public static bool IsInClear(XElement element) => element.DescendantsAndSelf().Any(IsMarked);

    public static XElement Wrap(XElement element, string secretKey)
    {
        var wrapped = new XElement(element);
        foreach (var secret in wrapped.Descendants().Where(IsMarked).ToList())
        {
            var sealedInfo = new SecretKeyEncryptor(secretKey).Encrypt(secret);
            secret.ReplaceWith(new XElement(DataProtection + "encryptedSecret",
                new XAttribute("decryptorType", sealedInfo.DecryptorType.AssemblyQualifiedName!), sealedInfo.EncryptedElement));
        }
        return wrapped;
    }

    private static bool IsMarked(XElement element) => (bool?)element.Attribute(Mark) == true;
}
