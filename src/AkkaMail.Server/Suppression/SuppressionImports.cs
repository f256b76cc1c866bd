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
/// Imports under way on this node, which notes each second how far they are, so that any other can be asked. One that a stop
/// of the server cuts off is begun again by who ordered it: what it has made stays, and is known the second time.
/// </summary>
internal sealed class SuppressionImports(
    SuppressionStore store, Suppressions suppressions, TimeProvider time, IHostApplicationLifetime life,
    ILogger<SuppressionImports> log)
{
    public const long BytesMax = 256L * 1024 * 1024;
    private const int RunningMax = 2, FaultsMax = 100;

    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(1);

    /// <summary>Whoever has said nothing of an import for so long is gone, and it with him.</summary>
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Job> _jobs = new();

    private sealed class Job(Caller caller, string id, DateTimeOffset startedAt)
    {
        private readonly List<ImportFault> _faults = [];

        public Caller Caller => caller;
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

        public SuppressionImport Now(DateTimeOffset now)
        {
            lock (_faults)
                return new(id, caller.Tenant, startedAt, now)
                {
                    EndedAt = EndedAt,
                    Problem = Problem,
                    Lines = Lines,
                    Added = Added,
                    Known = Known,
                    Faulty = Faulty,
                    Faults = [.. _faults.Select(f => (f.Line, f.Message))],
                };
        }
    }

    /// <summary>Null when as many as may are under way here. It deletes the file in the end.</summary>
    public async Task<ImportResponse?> Begin(string file, Caller caller, CancellationToken cancel)
    {
        var id = $"imp-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var job = new Job(caller, id, time.GetUtcNow());
        lock (_jobs)
        {
            if (_jobs.Count >= RunningMax) return null;
            _jobs[id] = job;
        }
        // Before it is told what it is called: any node may be asked then.
        try { await store.Note(job.Now(time.GetUtcNow()), cancel); }
        catch
        {
            _jobs.TryRemove(id, out _);
            throw;
        }
        _ = Task.Run(() => RunNoted(file, id, job), CancellationToken.None);
        return ToResponse(job.Now(time.GetUtcNow()));
    }

    /// <summary>Its tenant's, or anybody's for a key with all rights.</summary>
    public async Task<ImportResponse?> Find(string id, Caller caller, CancellationToken cancel)
    {
        var found = _jobs.GetValueOrDefault(id)?.Now(time.GetUtcNow()) ?? await store.FindImport(id, cancel);
        return found is not null && (caller.Tenant is null || found.Tenant == caller.Tenant) ? ToResponse(found) : null;
    }

    private ImportResponse ToResponse(SuppressionImport i)
    {
        if (i.EndedAt is null && time.GetUtcNow() - i.SeenAt > GoneAfter)
            i = i with { EndedAt = i.SeenAt, Problem = "Its node ended: order it again, what was taken is known." };
        return new(i.Id, i.EndedAt is null ? "running" : i.Problem is null ? "done" : "failed", i.Lines, i.Added, i.Known,
            i.Faulty, [.. i.Faults.Select(f => new ImportFault(f.Line, f.Message))], i.StartedAt, i.EndedAt, i.Problem);
    }

    private async Task RunNoted(string file, string id, Job job)
    {
        using var ended = new CancellationTokenSource();
        var notes = NoteEach(job, ended.Token);
        await Run(file, job);
        await ended.CancelAsync();
        await notes;
        await Note(job);
        _jobs.TryRemove(id, out _);
    }

    private async Task NoteEach(Job job, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(NoteEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended)) await Note(job);
        }
        catch (OperationCanceledException) { }
    }

    /// <summary>What cannot be noted now is in the next note; after the last one it is told as gone.</summary>
    private async Task Note(Job job)
    {
        try { await store.Note(job.Now(time.GetUtcNow()), CancellationToken.None); }
        catch (StoreException e) { log.LogDebug(e, "How far an import is cannot be noted now"); }
    }

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
