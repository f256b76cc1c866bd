using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Domains;

/// <summary>
/// How a mail is signed. Every mail gets both: RSA (2048 bits, RFC 8301) because every receiver reads it, Ed25519
/// (RFC 8463) because it stays when RSA of this size falls.
/// </summary>
public enum DkimAlgorithm { [Word("rsa")] RsaSha256, [Word("ed25519")] Ed25519Sha256 }
