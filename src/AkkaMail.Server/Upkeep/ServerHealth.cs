using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Cluster;
using AkkaMail.Server.Data;
using AkkaMail.Server.Domains;

namespace AkkaMail.Server.Upkeep;

/// <summary>One thing that keeps this server from taking mail: the part of it, and why.</summary>
public sealed record NotReady(string Part, string Detail);

/// <summary>
/// Whether this server takes mail, and if not, why. What costs a write is tried every <see cref="Every"/> and
/// remembered; a change is one line in the log.
/// </summary>
internal sealed class ServerHealth(
    IRequiredActor<Reach> reach, AccountsView accounts, DataDirectory data, DomainSecrets secrets, ClusterStanding standing,
    TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ServerHealth> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);

    /// <summary>A mail and its journal entry have room: with less the next commit may be the one that fails.</summary>
    private const int ProbeBytes = 256 * 1024;

    private volatile IReadOnlyList<NotReady> _places = [];

    /// <summary>Everything that is wrong now; empty: what is accepted is stored at once.</summary>
    public async Task<IReadOnlyList<NotReady>> Ask(CancellationToken cancel)
    {
        var reasons = new List<NotReady>(_places);
        reasons.AddRange(ClusterProblems());
        if (accounts.Current is null) reasons.Add(new("keys", "The keys have not been read yet."));
        if (!await IsReached(cancel))
            reasons.Add(new("journal", "No ledger answers: they recover, or their journal does not answer."));
        return reasons;
    }

    private async Task<bool> IsReached(CancellationToken cancel)
    {
        try { return (await reach.ActorRef.Ask<Reached>(AskReached.Instance, Answer, cancel)).Yes; }
        catch (AskTimeoutException) { return false; }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before the first time it is ready there is nothing to tell: the start says so itself.
        var (told, hasBeen) = ("", false);
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            data.LookForFiles();
            _places = [.. new[] { FilesProblem(), DiskProblem(), standing.Now.Fault is null ? KeyRingProblem() : null }
                .OfType<NotReady>()];
            var reasons = await Ask(stoppingToken);
            if (stoppingToken.IsCancellationRequested) return;   // Of course it is not ready any more.
            var now = string.Join("; ", reasons.Select(r => $"{r.Part}: {r.Detail}"));
            hasBeen |= reasons.Count == 0;
            if (now != told && now.Length > 0 && (hasBeen || _places.Count > 0)) log.LogError("Not ready: {Reasons}", now);
            if (now.Length == 0 && told.Length > 0) log.LogWarning("Ready again");
            if (hasBeen || _places.Count > 0) told = now;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private NotReady? FilesProblem() => data.Gone.Count == 0 ? null : new("files", $"{string.Join(", ", data.Gone)} "
        + $"{(data.Gone.Count == 1 ? "lies" : "lie")} no longer in {data.Path}: put back what was moved away, and nothing is lost.");

    /// <summary>A clock that is further from the others' than this takes mail that is due at another time than it says.</summary>
    private static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(2);

    private IEnumerable<NotReady> ClusterProblems()
    {
        var now = standing.Now;
        if (lifetime.ApplicationStopping.IsCancellationRequested) yield return new("stopping", "This node takes no more mail: it ends.");
        if (now.Fault is { } fault) yield return new("database", fault);
        else if (!now.IsIn) yield return new("cluster", $"This node waits for {now.WaitsFor}.");
        if (now.Skew is { } skew && skew.Duration() > SkewMax)
            yield return new("clock", string.Create(CultureInfo.InvariantCulture, $"The clock of this machine is "
                + $"{skew.Duration().TotalSeconds:0.0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the database's."));
    }

    private NotReady? DiskProblem()
    {
        var file = "";
        try
        {
            file = data.TemporaryFile();
            using var probe = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            probe.Write(new byte[ProbeBytes]);
            probe.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("disk", $"The data directory cannot be written: {e.Message}");
        }
        finally
        {
            try { if (file.Length > 0) File.Delete(file); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { log.LogDebug(e, "The probe stays"); }
        }
    }

    private NotReady? KeyRingProblem() => data.Stores is FileStores && !Directory.Exists(data.KeyRing)
        ? new("key_ring", $"The key ring '{data.KeyRing}' is gone: the next start cannot open the domains' keys. "
            + "Restore it from the backup while this server still has it in memory.")
        : secrets.CanBeOpened() ? null
        : new("key_ring", "The key ring does not open the secrets of the data directory: mail cannot be signed.");
}
