using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;

namespace AkkaMail.Rig;

/// <summary>
/// Machines of their own on this one, as far as the network goes: a network namespace each (ip-netns(8)), with a cable to its
/// fellows and one to all the rest, where this machine is too. Cables are pulled at the switch: who is cut off loses no route
/// and is refused by nobody, it only hears nothing any more. Only root may, one at a time in a process. Networks are of
/// RFC 2544, which nobody uses. What a process that was killed has left goes when the next one begins.
/// </summary>
public sealed partial class NetworkNamespaces : IDisposable
{
    private static readonly string OfThisProcess = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private readonly int _machines, _net;

    private NetworkNamespaces(int machines, int net) => (_machines, _net) = (machines, net);

    /// <summary>Where the machines reach this one.</summary>
    public IPAddress Host => IPAddress.Parse($"198.18.{_net}.254");

    /// <summary>Null where this process may not.</summary>
    public static NetworkNamespaces? TryMake(int machines)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return null;
        Sweep();
        var used = NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address.ToString()).ToHashSet();
        var net = Enumerable.Range(Environment.ProcessId % 250, 250).Select(n => n % 250)
            .First(n => !used.Contains($"198.18.{n}.254"));
        var made = new NetworkNamespaces(machines, net);
        try
        {
            if (Try("netns", "add", Name(1)) is not null) return null;
            made.Make();
            return made;
        }
        catch (InvalidOperationException e)
        {
            made.Dispose();
            // Namespaces are one right, what is between them another (capabilities(7): SYS_ADMIN, NET_ADMIN).
            if (e.Message.Contains("not permitted", StringComparison.Ordinal)) return null;
            throw;
        }
    }

    private void Make()
    {
        foreach (var cable in (Cable[])[Cable.Fellows, Cable.World])
        {
            Run("link", "add", Switch(cable), "type", "bridge");
            Run("link", "set", Switch(cable), "up");
        }
        Run("addr", "add", $"{Host}/24", "dev", Switch(Cable.World));
        for (var n = 1; n <= _machines; n++)
        {
            if (n > 1) Run("netns", "add", Name(n));
            Run("-n", Name(n), "link", "set", "lo", "up");
            foreach (var cable in (Cable[])[Cable.Fellows, Cable.World])
            {
                Run("link", "add", Port(cable, n), "type", "veth", "peer", "name", "eth" + Letter(cable), "netns", Name(n));
                Run("link", "set", Port(cable, n), "master", Switch(cable), "up");
                Run("-n", Name(n), "addr", "add", $"{Address(cable, n)}/24", "dev", "eth" + Letter(cable));
                Run("-n", Name(n), "link", "set", "eth" + Letter(cable), "up");
            }
        }
    }

    /// <param name="number">From 1.</param>
    public NodePlace Place(int number) =>
        new(Address(Cable.Fellows, number), Address(Cable.World, number), ["ip", "netns", "exec", Name(number)]);

    public void Cut(int machine, Cable cable = Cable.Fellows) => Run("link", "set", Port(cable, machine), "down");

    public void Mend(int machine, Cable cable = Cable.Fellows) => Run("link", "set", Port(cable, machine), "up");

    /// <summary>Whoever still runs in one of them is alone from then on.</summary>
    public void Dispose()
    {
        for (var n = 1; n <= _machines; n++)
        {
            foreach (var cable in (Cable[])[Cable.Fellows, Cable.World]) Try("link", "del", Port(cable, n));
            Try("netns", "del", Name(n));
        }
        foreach (var cable in (Cable[])[Cable.Fellows, Cable.World]) Try("link", "del", Switch(cable));
    }

    private string Address(Cable cable, int machine) => $"198.{(cable == Cable.World ? 18 : 19)}.{_net}.{machine}";

    private static string Name(int machine) => $"akkamail-{OfThisProcess}-{machine}";

    private static string Switch(Cable cable) => $"am{OfThisProcess}{Letter(cable)}";

    private static string Port(Cable cable, int machine) => $"{Switch(cable)}{machine}";

    private static char Letter(Cable cable) => cable == Cable.World ? 'w' : 'f';

    private static void Sweep()
    {
        foreach (var name in Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns").Select(f => Path.GetFileName(f)!) : [])
            if (Names().Match(name) is { Success: true } of && IsGone(of)) Try("netns", "del", name);
        foreach (var link in Directory.GetFileSystemEntries("/sys/class/net").Select(f => Path.GetFileName(f)!))
            if (Links().Match(link) is { Success: true } of && IsGone(of)) Try("link", "del", link);

        static bool IsGone(Match of) => !Directory.Exists($"/proc/{of.Groups[1].Value}");
    }

    [GeneratedRegex("^akkamail-([0-9]+)-[0-9]+$")]
    private static partial Regex Names();

    [GeneratedRegex("^am([0-9]+)[fw][0-9]*$")]
    private static partial Regex Links();

    private static void Run(params string[] arguments)
    {
        if (Try(arguments) is { } fault) throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {fault}");
    }

    /// <summary>What it says is wrong; null: nothing.</summary>
    private static string? Try(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : errors;
        }
        catch (Win32Exception e) { return e.Message; }   // There is no such program.
    }
}

public enum Cable
{
    /// <summary>Between the nodes.</summary>
    Fellows,

    /// <summary>To the database, receivers, DNS and clients.</summary>
    World,
}
