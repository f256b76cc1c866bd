using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace AkkaMail.Smtp.Resolving;

/// <summary>What DNS said to one question.</summary>
internal enum DnsOutcome { Records, NoData, NoDomain, Fault }

/// <summary>
/// Records of the kind asked for, or why there are none; <paramref name="Ttl"/> is the least of theirs.
/// </summary>
internal sealed record DnsReply<T>(DnsOutcome Outcome, IReadOnlyList<T> Records, TimeSpan Ttl, string? Problem);

/// <summary>Asks, and makes every way it can fail a value.</summary>
internal sealed class DnsQueries(ResolverOptions options)
{
    private readonly LookupClient _client = new(ClientOptions(options));

    public Task<DnsReply<MxRecord>> Mx(string domain) => Ask<MxRecord>(domain, QueryType.MX);
    public Task<DnsReply<AddressRecord>> A(string host) => Ask<AddressRecord>(host, QueryType.A);
    public Task<DnsReply<AddressRecord>> Aaaa(string host) => Ask<AddressRecord>(host, QueryType.AAAA);

    public Task<DnsReply<TxtRecord>> Txt(string name) => Ask<TxtRecord>(name, QueryType.TXT);
    public Task<DnsReply<CNameRecord>> Cname(string name) => Ask<CNameRecord>(name, QueryType.CNAME);

    public Task<DnsReply<PtrRecord>> Ptr(IPAddress address) =>
        Ask<PtrRecord>(address.GetArpaName().TrimEnd('.'), QueryType.PTR);

    private async Task<DnsReply<T>> Ask<T>(string name, QueryType type) where T : DnsResourceRecord
    {
        try
        {
            // With the root's dot: the system's search list must not turn a dead domain into one of ours.
            var response = await _client.QueryAsync(name + ".", type);
            var code = response.Header.ResponseCode;
            if (code == DnsHeaderResponseCode.NotExistentDomain) return None<T>(DnsOutcome.NoDomain);
            if (response.HasError) return None<T>(DnsOutcome.Fault, $"DNS answered {code} for {type}");
            var records = response.Answers.OfType<T>().ToList();
            if (records.Count == 0) return None<T>(DnsOutcome.NoData);
            var ttl = TimeSpan.FromSeconds(response.Answers.Min(r => r.InitialTimeToLive));
            return new(DnsOutcome.Records, records, ttl, null);
        }
        // No name DNS can hold (a label of over 63 octets, or none): a stranger's record made it, and nobody has it.
        catch (ArgumentException) { return None<T>(DnsOutcome.NoDomain); }
        catch (DnsResponseException e) when (e.Code == DnsResponseCode.ConnectionTimeout)
        {
            return None<T>(DnsOutcome.Fault, $"DNS gave no answer for {type}");
        }
        catch (Exception e) when (e is DnsResponseException or DnsResponseParseException or DnsXidMismatchException
            or SocketException or IOException or OperationCanceledException)
        {
            return None<T>(DnsOutcome.Fault, $"DNS failed for {type}: {e.Message}");
        }
    }

    private static DnsReply<T> None<T>(DnsOutcome outcome, string? problem = null) =>
        new(outcome, [], TimeSpan.Zero, problem);

    private static LookupClientOptions ClientOptions(ResolverOptions options)
    {
        var servers = options.Servers.Select(s => new NameServer(s)).ToArray();
        var client = servers.Length > 0 ? new LookupClientOptions(servers) : new LookupClientOptions();
        client.UseCache = false;   // Ours is bounded, and has its time from TimeProvider.
        client.ThrowDnsErrors = false;
        client.ContinueOnEmptyResponse = false;
        client.Timeout = options.Timeout;
        client.Retries = options.Retries;
        return client;
    }

    /// <summary>
    /// Whether the machine can reach the IPv6 internet; connecting a UDP socket asks the routing table, and sends
    /// nothing.
    /// </summary>
    public static bool HasIPv6Route()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(IPAddress.Parse("2001:500:2::c"), 53);   // c.root-servers.net
            return socket.LocalEndPoint is IPEndPoint { Address: { IsIPv6LinkLocal: false, IsIPv6UniqueLocal: false } };
        }
        catch (SocketException) { return false; }
    }
}
