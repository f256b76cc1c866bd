using System.Collections.Immutable;
using AkkaMail.Core.Bounces.Returned;
using AkkaMail.Core.Messages;
using AkkaMail.Server.Composition;
using AkkaMail.Storage.Bounces;

namespace AkkaMail.Server.Bounces;

/// <summary>
/// Reads what has come in, some at a time: examined side by side, then acted upon one after the other, so that of two equal
/// reports the second is a repeat. A mail that cannot be dealt with now is tried again; one that never can, says why.
/// </summary>
internal sealed class ReturnedRounds(
    ReturnedStore store, ReturnExaminer examiner, ReturnActions actions, BouncesFile rules, ReturnMetrics metrics,
    TimeProvider time, ILogger<ReturnedRounds> log) : BackgroundService
{
    private const int BatchMax = 64, RereadMax = 1_000;

    /// <summary>With the waits between them about a day.</summary>
    private const int TriesMax = 30;

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200), TryAgain = TimeSpan.FromSeconds(5),
        TryAgainMax = TimeSpan.FromHours(1);

    private string? _version;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var read = 0;
            try
            {
                await RereadIfRulesChanged(stoppingToken);
                read = await Round(stoppingToken);
            }
            catch (ReturnedException e) { log.LogWarning(e, "Returned mail is not read"); }
            if (read < BatchMax) await Task.Delay(Idle, time, stoppingToken);
        }
    }

    /// <summary>How many were due.</summary>
    internal async Task<int> Round(CancellationToken cancel)
    {
        var due = await store.Due(time.GetUtcNow(), BatchMax, cancel);
        if (due.IsEmpty) return 0;
        var examined = new (ReturnedMail Mail, ExaminedMail? Examined, Exception? Fault)[due.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, due.Length),
            new ParallelOptions { MaxDegreeOfParallelism = BatchMax, CancellationToken = cancel },
            async (i, c) =>
            {
                try { examined[i] = (due[i], await examiner.Examine(due[i], c), null); }
                // A bug in a parser is one mail's fate, and not that of all behind it.
                catch (Exception e) when (e is not (OperationCanceledException or ReturnedException))
                {
                    examined[i] = (due[i], null, e);
                }
            });
        var readings = new List<(long, ReturnedReading)>(due.Length);
        foreach (var (mail, found, fault) in examined)
            if (await Act(mail, found, fault, cancel) is { } reading) readings.Add((mail.Id, reading));
        await store.Conclude(readings, cancel);
        foreach (var (_, reading) in readings) metrics.Read(reading.Outcome);
        return due.Length;
    }

    /// <summary>Null when it is put off.</summary>
    private async Task<ReturnedReading?> Act(
        ReturnedMail mail, ExaminedMail? found, Exception? fault, CancellationToken cancel)
    {
        var why = "";
        if (found is not null)
        {
            try { return await actions.Act(found, cancel); }
            catch (PutOffException e) { why = e.Message; }
            catch (Exception e) when (e is not OperationCanceledException) { fault = e; }
        }
        if (fault is not null)
        {
            log.LogError(fault, "Returned mail {Id} cannot be dealt with", mail.Id);
            why = fault.GetType().Name;
        }
        else if (found is null) return Unclear(mail, "its octets are gone");
        if (mail.Tries >= TriesMax) return Unclear(mail, $"given up after {mail.Tries} tries: {why}");
        var wait = TimeSpan.FromTicks(Math.Min(TryAgainMax.Ticks, TryAgain.Ticks << Math.Min(mail.Tries, 20)));
        await store.Postpone(mail.Id, time.GetUtcNow() + wait, why, cancel);
        return null;
    }

    private ReturnedReading Unclear(ReturnedMail mail, string why) => mail.Reading with
    {
        Outcome = ReturnedOutcome.Unclear,
        Version = rules.Current.Version,
        Detail = why,
    };

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
