using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Tls;

/// <summary>
/// Fetches policy files as RFC 8461 §3.3 asks: HTTPS with a valid certificate, status 200, plain text, no redirects.
/// Names are looked up where those of MX hosts are.
/// </summary>
public sealed class HttpsPolicies : IDisposable
{
    /// <summary>RFC 8461 §3.2: a policy is small; §3.3 suggests both bounds.</summary>
    private const int OctetsMax = 64 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http;
    private readonly int _port;

    /// <param name="roots">Authorities trusted beside the system's.</param>
    public HttpsPolicies(MxResolver resolver, int port = 443, X509Certificate2Collection? roots = null)
    {
        _port = port;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = async (context, cancel) => await ConnectAsync(resolver, context.DnsEndPoint, cancel),
        };
        if (roots is not null)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                Certificates.Problem(certificate, chain, errors, roots) is null;
        _http = new(handler) { Timeout = Timeout };
    }

    /// <summary>The <see cref="FetchPolicy"/> of a domain.</summary>
    public async Task<FetchedPolicy> FetchAsync(string domain)
    {
        var name = $"https://mta-sts.{domain}:{_port}/.well-known/mta-sts.txt";
        if (!Uri.TryCreate(name, UriKind.Absolute, out var address))
            return new(null, TlsResult.StsPolicyFetchError);
        try
        {
            using var deadline = new CancellationTokenSource(Timeout);   // HttpClient's own ends with the headers.
            using var response = await _http.GetAsync(
                address, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode != HttpStatusCode.OK) return new(null, TlsResult.StsPolicyFetchError);
            if (!IsPlainText(response)) return new(null, TlsResult.StsPolicyInvalid);
            await using var stream = await response.Content.ReadAsStreamAsync(deadline.Token);
            var bytes = new byte[OctetsMax + 1];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, deadline.Token);
            return length > OctetsMax ? new(null, TlsResult.StsPolicyInvalid)
                : new(Encoding.UTF8.GetString(bytes, 0, length));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return new(null, TlsResult.StsWebPkiInvalid);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException
            or OperationCanceledException)
        {
            return new(null, TlsResult.StsPolicyFetchError);
        }
    }

    /// <summary>In any case, whatever its parameters say or fail to say (RFC 9110 §8.3.1).</summary>
    private static bool IsPlainText(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types)
        && types.Count == 1
        && types.ToString().Split(';')[0].Trim().Equals("text/plain", StringComparison.OrdinalIgnoreCase);

    private static async Task<Stream> ConnectAsync(MxResolver resolver, DnsEndPoint to, CancellationToken cancel)
    {
        var (addresses, none) = await resolver.AddressesAsync(to.Host, cancel);
        if (addresses.Length == 0) throw new IOException(none!.Reply.Text);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], to.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch { socket.Dispose(); throw; }
    }

    public void Dispose() => _http.Dispose();
}
