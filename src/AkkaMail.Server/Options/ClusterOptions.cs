using System.ComponentModel.DataAnnotations;
using AkkaMail.Core.Networks;

namespace AkkaMail.Server.Options;

public sealed class ClusterOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Cluster";

    /// <summary>The node's own name or address for its fellow nodes. Default 127.0.0.1.</summary>
    [Required]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>
    /// The name of this node in the shaping file: it sends from the sources whose <c>node</c> it is. Default none: only
    /// from those without a node.
    /// </summary>
    [MaxLength(64)]
    public string? Node { get; set; }

    /// <summary>Port for fellow nodes; 0 takes any. Default 0.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// <c>akka.tcp://akkamail@host:port</c>, separated by commas. Default none: the node joins itself.
    /// </summary>
    public string? Seeds { get; set; }

    /// <summary>
    /// A node that refuses connections to its port is taken for dead at once, and not after 5.5 s of silence.
    /// <c>false</c> where a firewall between nodes rejects instead of dropping: cut off by it, a node that lives looks
    /// dead. Default true.
    /// </summary>
    public bool DownRefusing { get; set; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!HostText.IsName(Host) && NetworkText.Address(Host) is null)
            yield return new ValidationResult(
                $"Cluster:Host ({HostText.Shown(Host)}) is neither a host name nor an address.", [nameof(Host)]);
        if (Node?.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) is true)
            yield return new ValidationResult(
                $"Cluster:Node ({HostText.Shown(Node)}) has a blank or a control character.", [nameof(Node)]);
        if (!string.IsNullOrWhiteSpace(Seeds))
            yield return new ValidationResult(
                "Cluster:Seeds is set, but there is one node: files have one owner, and so has a database in this version.",
                [nameof(Seeds)]);
    }
}
