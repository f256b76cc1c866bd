using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AkkaMail.Server.Options;

public sealed class DnsOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Dns";

    /// <summary><c>ip:port</c>, separated by commas. Default: the system's resolvers.</summary>
    public string? Servers { get; set; }

    public IReadOnlyList<IPEndPoint> ToEndPoints() => [.. Split().Select(IPEndPoint.Parse)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Split().Distinct().Where(s => HostText.Point(s) is null)
            .Select(s => new ValidationResult($"Dns:Servers has '{s}', which is not ip:port.", [nameof(Servers)]));

    // An empty entry is told too: a list of nothing but commas would be the system's resolvers.
    private string[] Split() => string.IsNullOrWhiteSpace(Servers) ? [] : Servers.Split(',', StringSplitOptions.TrimEntries);
}
