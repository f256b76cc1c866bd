using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// A queue's two lines, served 4 : 1 while both have mail: fresh mail never waits behind retries, and they do not
/// starve.
/// </summary>
internal sealed class WaitingQueue
{
    private const int FreshTurns = 4;
    private readonly Queue<MessageId> _fresh = new(), _retries = new();
    private int _turn;

    public int Count => _fresh.Count + _retries.Count;

    public void Add(MessageId id, bool isRetry) => (isRetry ? _retries : _fresh).Enqueue(id);

    public bool TryTake(out MessageId id)
    {
        _turn = (_turn + 1) % (FreshTurns + 1);
        return _turn == 0 ? _retries.TryDequeue(out id) || _fresh.TryDequeue(out id)
            : _fresh.TryDequeue(out id) || _retries.TryDequeue(out id);
    }
}
