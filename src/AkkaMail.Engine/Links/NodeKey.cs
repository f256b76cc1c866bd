using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor.Setup;

namespace AkkaMail.Engine.Links;

/// <summary>
/// By what nodes know each other: the same certificate with its key on each. It is shown by both sides of a link (mutual
/// TLS, RFC 8446 §4.4.2), and who shows another or none is a stranger.
/// </summary>
public sealed class NodeKey : Setup
{
    private readonly X509Certificate2 _own;
    private readonly SslStreamCertificateContext _context;

    public NodeKey(X509Certificate2 own) =>
        (_own, _context) = (own, SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true));

    /// <summary>Its name, its dates and who vouched for it say nothing: what counts is that it is the same.</summary>
    public bool IsShownBy(X509Certificate? shown) =>
        shown is not null && CryptographicOperations.FixedTimeEquals(_own.RawDataMemory.Span, shown.GetRawCertData());

    /// <summary>The stream behind the handshake. An AuthenticationException: a stranger, or nobody who speaks TLS.</summary>
    internal Task<Stream> Begin(Stream plain, string fellow, CancellationToken cancel) => Secure(plain, ssl =>
        ssl.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = fellow,
            ClientCertificateContext = _context,
            RemoteCertificateValidationCallback = (_, shown, _, _) => IsShownBy(shown),
            AllowTlsResume = false,
        }, cancel));

    /// <inheritdoc cref="Begin"/>
    internal Task<Stream> Answer(Stream plain, CancellationToken cancel) => Secure(plain, ssl =>
        ssl.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _context,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) => IsShownBy(shown),
            AllowTlsResume = false,
        }, cancel));

    private static async Task<Stream> Secure(Stream plain, Func<SslStream, Task> handshake)
    {
        var ssl = new SslStream(plain);
        try
        {
            await handshake(ssl);
            return ssl;
        }
        catch
        {
            await ssl.DisposeAsync();
            throw;
        }
    }
}
