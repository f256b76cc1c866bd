using System.Security.Cryptography;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Signing;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// Seals a mail that is passed on (RFC 8617), so that the next receiver can see what we saw before we changed it.
/// </summary>
public static class ArcSealing
{
    private static readonly string[] Signed =
        ["From", "Subject", "To", "Cc", "Reply-To", "Date", "Message-ID", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding", "DKIM-Signature"];

    /// <summary>
    /// Puts the next set of ARC headers on top of the mail, in its final form. A chain that has failed is not
    /// continued: the mail stays as it is.
    /// </summary>
    /// <param name="key">RSA: ARC knows no other algorithm yet (RFC 8617 §4.1.3).</param>
    public static async Task SealAsync(
        MimeMessage mail, SigningKey key, InboundVerdict verdict, DateTimeOffset sealedAt, CancellationToken cancel)
    {
        if (verdict.Arc is ArcResult.Fail or ArcResult.TempError) return;
        var present = Signed.Where(name => mail.Headers.Contains(name)).ToList();
        await new Sealer(key, verdict, sealedAt).SignAsync(mail, present, cancel);
    }

    private sealed class Sealer : ArcSigner
    {
        private readonly SigningKey _key;
        private readonly InboundVerdict _verdict;
        private readonly DateTimeOffset _at;

        // MimeKit insists on a key, and asks it nothing: the context below signs.
        private static readonly AsymmetricKeyParameter Placeholder = new Ed25519PrivateKeyParameters(new byte[32]);

        public Sealer(SigningKey key, InboundVerdict verdict, DateTimeOffset at)
            : base(Placeholder, key.Domain, key.Selector)
        {
            if (key.Algorithm != DkimAlgorithm.RsaSha256)
                throw new ArgumentException("ARC is sealed with RSA.", nameof(key));
            (_key, _verdict, _at) = (key, verdict, at);
            HeaderCanonicalizationAlgorithm = BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
        }

        protected override long GetTimestamp() => _at.ToUnixTimeSeconds();

        protected override AuthenticationResults GenerateArcAuthenticationResults(
            FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
                _verdict.ToResults(Domain);

        protected override Task<AuthenticationResults> GenerateArcAuthenticationResultsAsync(
            FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(_verdict.ToResults(Domain));

        protected override ISigner CreateSigningContext() => new OpenSslSigner(_key);
    }

    /// <summary>Our key where BouncyCastle's interface is asked for.</summary>
    private sealed class OpenSslSigner(SigningKey key) : ISigner, IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string AlgorithmName => "SHA-256withRSA";
        public void Init(bool forSigning, ICipherParameters parameters) { }
        public void Update(byte input) => _hash.AppendData([input]);
        public void BlockUpdate(byte[] input, int inOff, int inLen) => _hash.AppendData(input, inOff, inLen);
        public void BlockUpdate(ReadOnlySpan<byte> input) => _hash.AppendData(input);
        public int GetMaxSignatureSize() => 512;
        public byte[] GenerateSignature() => key.Sign(_hash.GetHashAndReset());
        public bool VerifySignature(byte[] signature) => throw new NotSupportedException();
        public void Reset() => _hash.GetHashAndReset();
        public void Dispose() => _hash.Dispose();
    }
}
