using AkkaMail.Server.Options;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Http;

/// <summary>Who a client is when a proxy brings it (<see cref="AkkaMailOptions.TrustedProxies"/>).</summary>
internal static class TrustedProxies
{
    /// <summary>Before everything that looks at the client's address.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<AkkaMailOptions>>().Value.ProxyNetworks;
        if (trusted.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // From the right as far as trusted proxies go: what stands to the left of them is whatever the client wrote.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
