namespace AkkaMail.Server.Messages;

/// <summary>
/// Which ledger takes what has no key to say so: all of it for <see cref="Turn"/>, then the next one's turn comes. What
/// gathers at one ledger shares its commits, also on the way to its outcomes; spread over 32 at once a message took half
/// as much CPU again.
/// </summary>
internal sealed class LedgerTurns(int ledgers, TimeProvider time)
{
    public static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);

    public int Now => (int)(time.GetElapsedTime(0) / Turn % ledgers);
}
