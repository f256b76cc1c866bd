using System.Data.Common;
using Akka.Actor;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.Server.Refusals;

/// <summary>
/// What escapes a use case, in one table for all doors: a store that does not answer is "not now", all else a bug.
/// </summary>
internal static class Faults
{
    public static Refusal RefusalOf(Exception? fault) => fault switch
    {
        UnavailableException e => Refusal.Unavailable(e.Message),
        StoreException e => Refusal.Unavailable($"{e.Message}; nothing was done."),
        SigningKeyException e => Refusal.Unavailable(e.Message),
        DbException => Refusal.Unavailable("The journal does not answer."),
        AskTimeoutException => Refusal.Unavailable("The engine does not answer."),
        // ENOSPC, EROFS, ERROR_DISK_FULL: lists are kept beside the databases while they are read.
        IOException { HResult: 28 or 30 or unchecked((int)0x80070070) } =>
            Refusal.Unavailable("The data directory cannot be written; nothing was done."),
        BadHttpRequestException { StatusCode: 413 } e => new(RefusalCode.TooLarge, "The body is too large", e.Message),
        BadHttpRequestException e => new(RefusalCode.Malformed, "The request cannot be read", e.Message),
        _ => new(RefusalCode.Internal, "Internal error", "It is in the server's log."),
    };
}

/// <summary>
/// Faults of the world in the log: a part that does not answer is one line when it begins, and one a minute while it
/// lasts; other words are one a second. Of a bug the whole is logged elsewhere, and too much load is nobody's fault.
/// </summary>
internal sealed class FaultLog(ILogger log, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1), Other = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private (string? Detail, DateTimeOffset At) _last;

    public void Note(Refusal refusal, Exception? fault)
    {
        if (refusal.Code != RefusalCode.Unavailable || fault is UnavailableException) return;
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (now - _last.At < (refusal.Detail == _last.Detail ? Every : Other)) return;
            _last = (refusal.Detail, now);
        }
        log.LogWarning("Requests are refused: {Detail} ({Fault})", refusal.Detail, fault?.Message);
    }
}
