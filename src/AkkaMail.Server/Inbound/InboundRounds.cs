using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Engine.Cluster;
using AkkaMail.Server.Rules;
using AkkaMail.Storage.Inbound;

namespace AkkaMail.Server.Inbound;

/// <summary>
/// Reads what has come in, to whichever node, on the one that has the <see cref="Duty"/>: side by side, but those about one
/// message one after the other, so that of two equal reports the second is a repeat. Return paths have a round of their own, which no stranger's slow name server holds up. A
/// mail that cannot be dealt with now is tried again; one that never can, says why.
/// </summary>
internal sealed class InboundRounds(
    InboundStore store, ReturnExaminer examiner, ReturnActions actions, BouncesFile rules, ReturnMetrics metrics,
    Duty duty, TimeProvider time, ILogger<InboundRounds> log) : BackgroundService
{
    private const int BatchMax = 64, RereadMax = 1_000;

    /// <summary>Octets examined at once; one mail may have more.</summary>
    private const long BatchBytesMax = 32 * 1024 * 1024;

    /// <summary>With the waits between them about a day.</summary>
    private const int TriesMax = 30;

    /// <summary>Without a word that something waits, which another node has to write first.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200), TryAgain = TimeSpan.FromSeconds(5),
        TryAgainMax = TimeSpan.FromHours(1);

    private static readonly ReturnDoor[] Sealed = [ReturnDoor.ReturnPath],
        Open = [ReturnDoor.Feedback, ReturnDoor.Dmarc, ReturnDoor.Tls, ReturnDoor.People];

    /// <summary>Two reports about one message never at once; those about others need not wait.</summary>
    private readonly SemaphoreSlim[] _acting = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1))];
    private string? _version;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        duty.While(here => Task.WhenAll(Rounds(Sealed, here), Rounds(Open, here)), stoppingToken);

    private async Task Rounds(ReturnDoor[] doors, CancellationToken stopping)
    {
        var looked = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            var read = 0;
            try
            {
                if (doors == Sealed) await RereadIfRulesChanged(stopping);
                if (store.Waiting > 0 || time.GetElapsedTime(looked) >= LookEvery)
                {
                    looked = time.GetTimestamp();
                    read = await Round(doors, stopping);
                }
            }
            catch (StoreException e) when (IsOurs(e)) { log.LogWarning(e, "Returned mail is not read"); }
            if (read == 0) await Task.Delay(Idle, time, stopping);
        }
    }

    /// <summary>Of the mails themselves: there is nothing to put off then.</summary>
    private static bool IsOurs(StoreException e) => e.Store == InboundStore.Name;

    /// <summary>How many were due.</summary>
    private async Task<int> Round(ReturnDoor[] doors, CancellationToken cancel)
    {
        var due = await store.Due(doors, time.GetUtcNow(), BatchMax, cancel);
        long bytes = 0;
        var batch = due.TakeWhile(m => (bytes += m.Size) <= BatchBytesMax || m == due[0]).ToList();
        await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = BatchMax, CancellationToken = cancel },
            async (mail, c) => await Read(mail, c));
        return batch.Count;
    }

    private async Task Read(InboundMail mail, CancellationToken cancel)
    {
        ExaminedMail? found;
        try { found = await examiner.Examine(mail, cancel); }
        catch (InvalidDataException e) { await Conclude(mail, Unclear(mail, e.Message), cancel); return; }
        catch (StoreException e) when (IsOurs(e)) { throw; }
        // A bug in a parser is one mail's fate, and not that of all behind it.
        catch (Exception e) when (e is not OperationCanceledException) { await PutOff(mail, e, cancel); return; }
        if (found is null) { await Conclude(mail, Unclear(mail, "Its octets are gone."), cancel); return; }
        var acting = _acting[(uint)found.Message.GetHashCode() % _acting.Length];
        await acting.WaitAsync(cancel);
        InboundReading reading;
        try { reading = await actions.Act(found, cancel); }
        catch (StoreException e) when (IsOurs(e)) { throw; }
        catch (Exception e) when (e is not OperationCanceledException) { await PutOff(mail, e, cancel); return; }
        finally { acting.Release(); }
        await Conclude(mail, reading, cancel);
    }

    private async Task Conclude(InboundMail mail, InboundReading reading, CancellationToken cancel)
    {
        if (await store.Conclude(mail, reading, cancel)) metrics.Read(reading.Outcome);
    }

    private async Task PutOff(InboundMail mail, Exception why, CancellationToken cancel)
    {
        if (why is not PutOffException) log.LogError(why, "Returned mail {Id} cannot be dealt with", mail.Id);
        var reason = why is PutOffException ? why.Message : why.GetType().Name;
        if (mail.Tries >= TriesMax)
        {
            await Conclude(mail, Unclear(mail, $"Given up after {mail.Tries} tries: {reason}"), cancel);
            return;
        }
        var wait = TimeSpan.FromTicks(Math.Min(TryAgainMax.Ticks, TryAgain.Ticks << Math.Min(mail.Tries, 20)));
        await store.Postpone(mail.Id, time.GetUtcNow() + wait, reason, cancel);
    }

    private InboundReading Unclear(InboundMail mail, string why) => mail.Reading with
    {
        Outcome = InboundOutcome.Unclear,
        Meaning = mail.Reading.Meaning with { Version = rules.Current.Version },
        Detail = why,
    };

    public override void Dispose()
    {
        foreach (var acting in _acting) acting.Dispose();
        base.Dispose();
    }

    /// <summary>At the start, and whenever the rules change: what was not understood may be now.</summary>
    private async Task RereadIfRulesChanged(CancellationToken cancel)
    {
        if (rules.Current.Version is var version && version == _version) return;
        var count = await store.RereadUnclear(version, RereadMax, time.GetUtcNow(), cancel);
        if (count < RereadMax) _version = version;
        if (count > 0) log.LogInformation("{Count} returned mails are read again by the rules {Version}", count, version);
    }
}

/// <summary>Something did not answer; the mail is taken up again later.</summary>
internal sealed class PutOffException(string message) : Exception(message);
