using AkkaMail.Core.Accounts;

namespace AkkaMail.Engine.Tenants;

/// <summary>
/// This node's copy of the accounts, behind the journal by a second at most. Read by every request, written by
/// <see cref="AccountsFollower"/> alone.
/// </summary>
public sealed class AccountsView
{
    private sealed record State(AccountBook Accounts, long SequenceNr);

    private volatile State? _state;
    private volatile TaskCompletionSource _moved = New();

    /// <summary>Null until the journal has been read once: nobody can be let in before that.</summary>
    public AccountBook? Current => _state?.Accounts;

    public long SequenceNr => _state?.SequenceNr ?? 0;

    /// <summary>Done when the copy has this event, so that who made a key can use it at once.</summary>
    public async Task Reached(long sequenceNr, CancellationToken cancel)
    {
        while (true)
        {
            var moved = _moved.Task;
            if (_state is { } state && state.SequenceNr >= sequenceNr) return;
            await moved.WaitAsync(cancel);
        }
    }

    internal void Set(AccountBook accounts, long sequenceNr)
    {
        _state = new(accounts, sequenceNr);
        Interlocked.Exchange(ref _moved, New()).SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
