using System.ComponentModel.DataAnnotations;
using System.Net;
using AkkaMail.Core.Networks;

namespace AkkaMail.Server.Options;

public sealed class ClusterOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Cluster";

    /// <summary>
    /// What this node is called: the name or address at which its fellow nodes reach it. Default 127.0.0.1: there are none
    /// on other machines.
    /// </summary>
    [Required]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>
    /// The address where it listens for them. Default: what <c>Cluster:Host</c> is, if that is an address, else 0.0.0.0.
    /// </summary>
    public string? Listen { get; set; }

    /// <summary>
    /// The name of this node in the shaping file: it sends from the sources whose <c>node</c> it is. Default none: only
    /// from those without a node.
    /// </summary>
    [MaxLength(64)]
    public string? Node { get; set; }

    /// <summary>
    /// Port for fellow nodes; 0 takes any, which the table of nodes tells the others. Default 0.
    /// </summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// <c>akka.tcp://akkamail@host:port</c> (<c>akka.ssl.tcp://</c> with TLS), separated by commas: whom this node may join,
    /// and who of them may begin the cluster. Only with PostgreSQL. Default none: the table of nodes in the database says who
    /// is there.
    /// </summary>
    public string? Seeds { get; set; }

    /// <summary>
    /// With PostgreSQL, nodes speak by TLS and know each other by a key that they keep in the database; a stranger at the
    /// port gets nothing. <c>false</c> where the network between them does that already. The same on all nodes. Default true.
    /// </summary>
    public bool Tls { get; set; } = true;

    /// <summary>
    /// A node that refuses connections to its port is taken for dead at once, and not after 5.5 s of silence.
    /// <c>false</c> where a firewall between nodes rejects instead of dropping: cut off by it, a node that lives looks
    /// dead. Default true.
    /// </summary>
    public bool DownRefusing { get; set; } = true;

    /// <summary>
    /// How long a node that ends still takes mail after it has said that it is not ready: longer than a balancer's
    /// interval. Default 3 s where there are other nodes, else none.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan? LastCalls { get; set; }

    /// <summary>Where it listens, as an address.</summary>
    public string ListenAddress => Listen ?? (IPAddress.TryParse(Host, out _) ? Host : IPAddress.Any.ToString());

    public IReadOnlyList<string> SeedAddresses =>
        (Seeds ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!HostText.IsName(Host) && NetworkText.Address(Host) is null)
            yield return new ValidationResult(
                $"Cluster:Host ({HostText.Shown(Host)}) is neither a host name nor an address.", [nameof(Host)]);
        else if (NetworkText.Address(Host) is { } host && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any)))
            yield return new ValidationResult($"Cluster:Host ({Host}) is where nobody can be reached: it is what this node is "
                + "called. Where it listens is Cluster:Listen.", [nameof(Host)]);
        if (Listen is not null && NetworkText.Address(Listen) is null)
            yield return new ValidationResult(
                $"Cluster:Listen ({HostText.Shown(Listen)}) is not an address.", [nameof(Listen)]);
        if (Node?.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) is true)
            yield return new ValidationResult(
                $"Cluster:Node ({HostText.Shown(Node)}) has a blank or a control character.", [nameof(Node)]);
        foreach (var seed in SeedAddresses.Where(s => !IsSeed(s)))
            yield return new ValidationResult($"Cluster:Seeds has {HostText.Shown(seed)}, which is not an address like "
                + "akka.ssl.tcp://akkamail@mail1.example.com:4053.", [nameof(Seeds)]);
    }

    private static bool IsSeed(string text) => Akka.Actor.Address.TryParse(text, out var address)
        && address is { Protocol: "akka.tcp" or "akka.ssl.tcp", System: "akkamail", Host.Length: > 0, Port: > 0 };
}
