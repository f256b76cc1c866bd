using System.Collections.Concurrent;
using System.Security.Cryptography;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Suppression;
using AkkaMail.Server.Access;
using AkkaMail.Server.Lists;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Suppression;

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

        public void Fault(long line, string message)
        {
            Faulty++;
            lock (_faults)
                if (_faults.Count < FaultsMax) _faults.Add(new(line, message));
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
            await using var list = File.OpenRead(file);
            var form = await ListForm.OfAsync(list, life.ApplicationStopping);
            using var text = form.Open(list);
            await Read(new ListRows(text, form.Delimiter, 1 + form.Skipped), form.Sample(), job);
        }
        catch (ListException e)
        {
            job.Fault(e.Line, e.Message);
            job.Problem = $"line {e.Line}: {e.Message}";
        }
        catch (Exception e) when (e is StoreException or IOException or OperationCanceledException)
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

    private async Task Read(ListRows rows, ListSample sample, Job job)
    {
        var batch = new List<NewSuppression>(SuppressionStore.BatchMax);
        SuppressionRows? lines = null;
        ListColumns? columns = null;
        try
        {
            foreach (var row in rows.Read(life.ApplicationStopping))
            {
                job.Lines = row.Line;
                if (lines is null)
                {
                    if (row.Fault is { } fault) throw new ListException(row.Line, fault);
                    columns = ListColumns.Of(sample.Rows.Count > 0 ? sample : ListSample.Of(row));
                    lines = new(columns);
                    if (!lines.NamesAnybody) throw new ListException(row.Line, columns.NotFound);
                }
                if (row.Line <= columns!.HeadingLine) continue;
                foreach (var entry in Entries(lines, row, job))
                {
                    batch.Add(entry);
                    if (batch.Count == SuppressionStore.BatchMax) await Add(batch, job);
                }
            }
        }
        finally { await Add(batch, job); }   // What was read before a line that ends the list is taken.
        if (job.Added + job.Known == 0)
            job.Problem = lines is null ? "There is nothing in the list."
                : job.Faulty > 0 ? $"No line of {job.Lines} could be taken, read as {lines.ReadAs}: see the faults."
                : "There is nobody in the list: only a heading.";
    }

    private List<NewSuppression> Entries(SuppressionRows lines, ListRow row, Job job)
    {
        if (row.Fault is { } fault)
        {
            job.Fault(row.Line, fault);
            return [];
        }
        var (errors, entries) = (new FieldErrors(), new List<NewSuppression>());
        foreach (var read in lines.Read(row, errors))
            if (read.Read("", job.Caller, SuppressionOrigin.Import, suppressions, time.GetUtcNow(), errors) is { } entry)
                entries.Add(entry);
        if (errors.All.Count > 0) job.Fault(row.Line, string.Join("; ", errors.All.Select(e => $"{e.Field} {e.Message}")));
        return entries;
    }

    private async Task Add(List<NewSuppression> batch, Job job)
    {
        if (batch.Count == 0) return;
        var (ids, added) = await store.Add(batch, life.ApplicationStopping);
        (job.Added, job.Known) = (job.Added + added, job.Known + ids.Length - added);
        batch.Clear();
    }
}
