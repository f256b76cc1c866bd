using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Rules;

/// <summary>
/// Which sources of this node have lost their address: a connection from an address that is not here fails, and would
/// be blamed on the receiver. <paramref name="node"/> is this node's name, <paramref name="addresses"/> asks the
/// machine.
/// </summary>
public sealed class SourceWatch(
    Func<ShapingRules> rules, string? node, Func<IReadOnlyCollection<IPAddress>> addresses, TimeProvider time,
    ILogger<SourceWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private volatile ImmutableHashSet<string> _missing = [];

    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>For the delivery: nothing is sent from a source whose address is not here now.</summary>
    public bool IsMissing(string source) => _missing.Contains(source);

    /// <summary>At the start nobody is surprised yet: better no server than one that sends from nowhere.</summary>
    public void CheckStart()
    {
        var here = addresses();
        var lines = Absent(here).Select(source =>
            $"The source '{source.Name}' has the address {source.Address}, which this machine does not have; it has "
            + $"{string.Join(", ", here)}.").ToList();
        if (lines.Count > 0) throw new StartException(string.Join('\n', lines));
    }

    public void Look()
    {
        ImmutableHashSet<string> missing;
        try { missing = [.. Absent(addresses()).Select(s => s.Name)]; }
        catch (NetworkInformationException e)
        {
            log.LogWarning("The machine does not tell its addresses now: {Reason}", e.Message);
            return;
        }
        foreach (var source in missing.Except(_missing))
            log.LogError("The address of source {Source} is not on this machine: nothing is sent from it", source);
        foreach (var source in _missing.Except(missing))
            log.LogInformation("The address of source {Source} is back, or no longer asked for", source);
        _missing = missing;
    }

    /// <summary>A proxy has the address, not this machine; a source of another node is that node's.</summary>
    private IEnumerable<Source> Absent(IReadOnlyCollection<IPAddress> here) => rules().Sources.Values
        .Where(s => s is { Address: not null, Proxy: null } && (s.Node is null || s.Node == node))
        .Where(s => !here.Contains(s.Address!) && !IPAddress.IsLoopback(s.Address!))   // All of 127/8 is here.
        .OrderBy(s => s.Name, StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do Look(); while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public static IReadOnlyCollection<IPAddress> OfThisMachine() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address.IsIPv6LinkLocal ? new IPAddress(a.Address.GetAddressBytes()) : a.Address).Distinct()];
}
