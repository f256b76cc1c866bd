using System.Net;

namespace AkkaMail.Core.Networks;

/// <summary>Networks as people write them: <c>192.0.2.7</c>, <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>.</summary>
public static class NetworkText
{
    /// <summary>Null when it is neither an address nor a network.</summary>
    public static IPNetwork? Read(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : !text.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address)
            ? new(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>The entries of a list with commas between them, blanks around them or none.</summary>
    public static string[] Entries(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
