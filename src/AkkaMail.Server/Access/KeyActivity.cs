using System.Collections.Concurrent;
using System.Net;
using AkkaMail.Core.Mail;
using AkkaMail.Engine.Cluster;
using AkkaMail.Server.Accounts;
using AkkaMail.Storage.Tenants;

namespace AkkaMail.Server.Access;

/// <summary>
/// Which keys this node has let in, and when. A request only leaves a note in memory; once a minute the notes are
/// written in one batch. A crash loses a minute of them.
/// </summary>
internal sealed class KeyActivity(
    KeyUses uses, AccountAsk accounts, Duty duty, TimeProvider time, ILogger<KeyActivity> log) : BackgroundService
{
    /// <summary>Keys used within a minute; of more the use is not noted, in about 20 MB of memory.</summary>
    private const int NotesMax = 100_000;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1), ForgetEvery = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, KeyUse> _notes = [];
    private DateTimeOffset _forgotAt;

    public void Used(string id, IPAddress? from)
    {
        if (!_notes.ContainsKey(id) && _notes.Count >= NotesMax) return;   // The count takes locks: only for a new one.
        var address = from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from;
        _notes[id] = new(id, time.GetUtcNow(), address?.ToString());
    }

    /// <summary>The last uses of these keys, as far as this node knows them.</summary>
    public async Task<IReadOnlyDictionary<string, KeyUse>> Of(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        // First the notes: one that is written meanwhile is found twice, not missed.
        var noted = ids.Select(id => _notes.GetValueOrDefault(id)).OfType<KeyUse>().ToList();
        var found = await uses.Of(ids, cancel);
        foreach (var note in noted)
            if (!found.TryGetValue(note.Id, out var stored) || stored.At < note.At) found[note.Id] = note;
        return found;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Flush();
                if (duty.IsHere && time.GetUtcNow() - _forgotAt >= ForgetEvery) await Forget(stoppingToken);
            }
        }
        catch (OperationCanceledException) { Flush(); }   // A clean end loses nothing.
    }

    private void Flush()
    {
        try
        {
            var notes = _notes.ToArray();
            if (notes.Length > 0) uses.Write([.. notes.Select(n => n.Value)]);
            // One that was used again meanwhile has a newer note, and that stays.
            foreach (var note in notes) _notes.TryRemove(note);
        }
        catch (StoreException e)
        {
            log.LogWarning(e, "The last uses of keys cannot be written; they are tried again in a minute");
        }
    }

    /// <summary>Keys that are no more; by the journal, since another node may have made one and seen it used.</summary>
    private async Task Forget(CancellationToken cancel)
    {
        try
        {
            // Before the journal: who is noted until then has its key in it.
            var noted = uses.Ids();
            if (await accounts.Now(cancel) is not { } now) return;
            uses.Forget([.. noted.Where(id => !now.Keys.ContainsKey(id))]);
            _forgotAt = time.GetUtcNow();
        }
        catch (StoreException e) { log.LogWarning(e, "The uses of keys that are no more stay for a minute"); }
    }
}
