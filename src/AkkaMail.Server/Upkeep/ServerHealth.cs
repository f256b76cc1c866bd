using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Data;
using AkkaMail.Server.Domains;
using AkkaMail.Storage.Postgres;

namespace AkkaMail.Server.Upkeep;

/// <summary>One thing that keeps this server from taking mail: the part of it, and why.</summary>
public sealed record NotReady(string Part, string Detail);

/// <summary>
/// Whether this server takes mail, and if not, why. What costs a write is tried every <see cref="Every"/> and
/// remembered; a change is one line in the log.
/// </summary>
internal sealed class ServerHealth(
    IRequiredActor<Waker> waker, AccountsView accounts, DataDirectory data, DomainSecrets secrets, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<ServerHealth> log) : BackgroundService
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
        if (accounts.Current is null) reasons.Add(new("keys", "The keys have not been read yet."));
        if (!await AreAwake(cancel))
            reasons.Add(new("journal", "Not every ledger is awake: it recovers, or its journal does not answer."));
        return reasons;
    }

    private async Task<bool> AreAwake(CancellationToken cancel)
    {
        try { return (await waker.ActorRef.Ask<AllAwake>(AskAllAwake.Instance, Answer, cancel)).Yes; }
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
            var database = DatabaseProblem();
            _places = [.. new[] { database, FilesProblem(), DiskProblem(), database is null ? KeyRingProblem() : null }
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

    /// <summary>Whoever has lost the database to another server ends: two that write would send twice.</summary>
    private NotReady? DatabaseProblem()
    {
        if (data.Writer?.Look() is not var (holding, detail) || holding == Holding.Held) return null;
        var where = ((PostgresStores)data.Stores).Server.Where;
        if (holding == Holding.Unreachable) return new("database", $"{where}: {detail}.");
        log.LogCritical("{Where} has been taken over by {Holder} while it was away: this server ends", where, detail);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
        return new("database", $"{where} is in use by {detail}.");
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
