using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Suppression;
using AkkaMail.Server.Access;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Suppression;
using CsvHelper;
using CsvHelper.Configuration;

namespace AkkaMail.Server.Suppression;

/// <summary>
/// Imports under way and the last that ended. One that a stop of the server cuts off is begun again by who ordered it:
/// what it has made stays, and is known the second time.
/// </summary>
internal sealed class SuppressionImports(
    SuppressionStore store, Suppressions suppressions, TimeProvider time, IHostApplicationLifetime life)
{
    public const long BytesMax = 256L * 1024 * 1024;
    private const int RunningMax = 2, RememberedMax = 100, FaultsMax = 100;

    private readonly ConcurrentDictionary<string, Job> _jobs = new();

    private sealed class Job(Caller caller, string id, DateTimeOffset startedAt)
    {
        private readonly List<ImportFault> _faults = [];

        public Caller Caller => caller;
        public DateTimeOffset StartedAt => startedAt;
        public DateTimeOffset? EndedAt { get; set; }
        public string? Problem { get; set; }
        public long Lines { get; set; }
        public long Added { get; set; }
        public long Known { get; set; }
        public long Faulty { get; private set; }

        public void Fault(string message)
        {
            Faulty++;
            lock (_faults)
                if (_faults.Count < FaultsMax) _faults.Add(new(Lines, message));
        }

        public ImportResponse ToResponse()
        {
            lock (_faults)
                return new(id, EndedAt is null ? "running" : Problem is null ? "done" : "failed", Lines, Added, Known,
                    Faulty, [.. _faults], startedAt, EndedAt, Problem);
        }
    }

    /// <summary>Null when as many as may are under way. It deletes the file in the end.</summary>
    public ImportResponse? Begin(string file, Caller caller)
    {
        Job job;
        lock (_jobs)
        {
            if (_jobs.Values.Count(j => j.EndedAt is null) >= RunningMax) return null;
            foreach (var old in _jobs.Where(j => j.Value.EndedAt is not null).OrderBy(j => j.Value.StartedAt)
                .Take(Math.Max(0, _jobs.Count - RememberedMax + 1)).ToList())
                _jobs.TryRemove(old);
            var id = $"imp-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
            _jobs[id] = job = new(caller, id, time.GetUtcNow());
        }
        _ = Task.Run(() => Run(file, job), CancellationToken.None);
        return job.ToResponse();
    }

    /// <summary>Its tenant's, or anybody's for a key with all rights.</summary>
    public ImportResponse? Find(string id, Caller caller) =>
        _jobs.GetValueOrDefault(id) is { } job && (caller.Tenant is null || job.Caller.Tenant == caller.Tenant)
            ? job.ToResponse() : null;

    private async Task Run(string file, Job job)
    {
        try
        {
            using var text = new StreamReader(file);
            using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                HasHeaderRecord = false,
                TrimOptions = TrimOptions.Trim,
                BadDataFound = null,
                MaxFieldSize = 10_000,
            });
            var batch = new List<NewSuppression>(SuppressionStore.BatchMax);
            string[]? columns = null;
            while (await csv.ReadAsync())
            {
                job.Lines++;
                if (columns is null)
                {
                    columns = ColumnsOf(csv, out var isHead);
                    if (isHead) continue;
                }
                if (Read(csv, columns, job) is { } entry) batch.Add(entry);
                if (batch.Count == SuppressionStore.BatchMax) await Add(batch, job);
            }
            await Add(batch, job);
        }
        catch (Exception e) when (e is StoreException or CsvHelperException or IOException
            or OperationCanceledException)
        {
            job.Problem = e is OperationCanceledException ? "the server stops"
                : e is StoreException ? e.Message : $"line {job.Lines + 1}: the file cannot be read";
        }
        finally
        {
            job.EndedAt = time.GetUtcNow();
            File.Delete(file);
        }
    }

    /// <summary>What the first line says; where it has an address it is no heading, and there is one column.</summary>
    private static string[] ColumnsOf(CsvReader csv, out bool isHead)
    {
        var cells = csv.Parser.Record!.Select(c => c.Trim('\uFEFF', ' ').ToLowerInvariant()).ToArray();
        isHead = !cells.Any(c => c.Contains('@', StringComparison.Ordinal));
        return isHead ? cells : ["address"];
    }

    private NewSuppression? Read(CsvReader csv, string[] columns, Job job)
    {
        string? Cell(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                if (Array.IndexOf(columns, name) is >= 0 and var i && i < csv.Parser.Count && csv[i] is { Length: > 0 } cell)
                    // As an export writes what a spreadsheet would take for a formula.
                    return cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? cell[1..] : cell;
            return null;
        }

        var errors = new FieldErrors();
        DateTimeOffset? until = null;
        if (Cell("expires_at") is { } at)
        {
            if (DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
                until = parsed.ToUniversalTime();
            else errors.Add("expires_at", "is not a time");
        }
        var line = new AddSuppression(
            Cell("address", "email"), Cell("domain"), Cell("scope")?.ToLowerInvariant(), Cell("stream"), Cell("note"), until);
        var entry = line.Read("", job.Caller, SuppressionOrigin.Import, suppressions, time.GetUtcNow(), errors);
        if (errors.All.Count == 0) return entry;
        job.Fault(string.Join("; ", errors.All.Select(e => $"{e.Field} {e.Message}")));
        return null;
    }

    private async Task Add(List<NewSuppression> batch, Job job)
    {
        if (batch.Count == 0) return;
        var (ids, added) = await store.Add(batch, life.ApplicationStopping);
        (job.Added, job.Known) = (job.Added + added, job.Known + ids.Length - added);
        batch.Clear();
    }
}
