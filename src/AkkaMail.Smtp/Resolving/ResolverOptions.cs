using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Networks;

namespace AkkaMail.Smtp.Resolving;

/// <summary>How to ask DNS, and what to keep of the answers.</summary>
public sealed record ResolverOptions
{
    /// <summary>Recursive resolvers. Empty: those of the system.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>Our own names and addresses: an MX that points here would be a loop (RFC 5321 §5.1).</summary>
    public ImmutableArray<string> OwnHosts { get; init; } = [];
    public ImmutableArray<IPAddress> OwnAddresses { get; init; } = [];

    /// <summary>Which addresses of a stranger's host are gone to.</summary>
    public AddressGuard Guard { get; init; } = new();

    /// <summary>Hosts tried for one message; more would let a domain hold a connection slot for an hour.</summary>
    public int HostsMax { get; init; } = 5;

    /// <summary>Addresses tried of one host, over both families.</summary>
    public int AddressesMax { get; init; } = 4;

    /// <summary>Time for one query to one server, and how often it is repeated.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    public int Retries { get; init; } = 2;

    /// <summary>Answers kept; at the bound the expired go, then any.</summary>
    public int CacheMax { get; init; } = 100_000;

    /// <summary>
    /// A record's TTL is kept within these: zero would be a query a message, a month would outlive a move.
    /// </summary>
    public TimeSpan TtlMin { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan TtlMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>How long "does not exist" is believed.</summary>
    public TimeSpan NegativeTtl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a fault of DNS answers for its domain, so that a queue does not hammer a dead server.
    /// </summary>
    public TimeSpan FaultTtl { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads <c>ip:port,ip:port</c>; a missing port is 53.</summary>
    public static ImmutableArray<IPEndPoint> ParseServers(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(server =>
        {
            var end = IPEndPoint.Parse(server);
            return end.Port == 0 ? new IPEndPoint(end.Address, 53) : end;
        })];
}
