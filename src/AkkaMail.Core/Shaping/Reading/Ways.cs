using System.Net;
using System.Net.Sockets;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>How a source gets out: its address, a proxy, a smarthost.</summary>
internal static class Ways
{
    private const int SubmissionPort = 587;   // RFC 6409
    private const int ImplicitTlsPort = 465;   // RFC 8314 §3.3

    public static IPAddress? Address(Fields fields)
    {
        if (fields.Take("address") is not { } place || !place.Is(SpotKind.Text, "an IP address")) return null;
        var text = place.Spot.Text;
        // "1" and "10.1" are addresses to the parser, and typing mistakes to everybody else.
        var isWhole = text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3;
        if (!isWhole || !IPAddress.TryParse(text, out var address)) place.Fault($"'{text}' is no IP address");
        else if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || IsMulticast(address))
            place.Fault($"{text} is no address to send from; leave it out to let the system choose");
        else return address;
        return null;
    }

    private static bool IsMulticast(IPAddress address) =>
        address.IsIPv6Multicast
        || address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] >= 224;

    public static Uri? Proxy(Fields fields)
    {
        const string Needed = "socks5://host:port or http://host:port is needed, perhaps with user:password@";
        if (fields.Take("proxy") is not { } place || !place.Is(SpotKind.Text, "an address")) return null;
        var right = Uri.TryCreate(place.Spot.Text, UriKind.Absolute, out var uri)
            && uri.Scheme is "socks5" or "http" && uri is { Host.Length: > 0, Port: > 0, PathAndQuery: "/" or "" };
        if (right) return uri;
        // Without its words: there may be a password in it.
        place.Fault($"is no proxy: {Needed}");
        return null;
    }

    public static Smarthost? Smarthost(Fields fields)
    {
        if (fields.Take("smarthost") is not { } place || place.Fields() is not { } f) return null;
        var isImplicit = f.Flag("implicit_tls") ?? false;
        var smarthost = new Smarthost(
            f.Host("host") ?? "", f.Int("port", 1, 65535) ?? (isImplicit ? ImplicitTlsPort : SubmissionPort),
            f.Text("user", 255), f.Text("password_variable", 255),
            f.Word<TlsPolicy>("tls") ?? TlsPolicy.Verified)
        { ImplicitTls = isImplicit };
        f.End();
        if (place.Member("host") is null) place.Fault("needs a host");
        else if (smarthost.User is null != smarthost.PasswordVariable is null)
            place.Fault("needs user and password_variable together, or neither");
        else if (isImplicit && smarthost.Tls == TlsPolicy.Disabled)
            place.Fault("has implicit_tls, and tls disabled: one of them");
        else if (smarthost is { User: not null, Tls: TlsPolicy.Disabled })
            place.Fault("would send its password in plain text: tls is disabled");
        return smarthost;
    }
}
