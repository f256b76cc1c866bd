namespace AkkaMail.Core.Messages;

/// <summary>Which of a lane's waiting lines a message stands in.</summary>
public enum WaitingClass : byte { Transactional, Bulk, Retry }

/// <summary>
/// What waits for one site in one ledger: three lines served by weight. Fresh mail never waits behind retries, and no
/// line starves, since each has its turn (6 : 3 : 1).
/// </summary>
public sealed class LaneQueue
{
    private static readonly WaitingClass[] Turns =
    [
        WaitingClass.Transactional, WaitingClass.Bulk, WaitingClass.Transactional, WaitingClass.Transactional,
        WaitingClass.Bulk, WaitingClass.Transactional, WaitingClass.Retry, WaitingClass.Transactional,
        WaitingClass.Bulk, WaitingClass.Transactional,
    ];

    private readonly Queue<MessageId>[] _lines = [new(), new(), new()];
    private int _turn;

    public int Count => _lines[0].Count + _lines[1].Count + _lines[2].Count;

    public void Add(MessageId id, WaitingClass line) => _lines[(int)line].Enqueue(id);

    public bool TryTake(out MessageId id)
    {
        for (var i = 0; i < Turns.Length; i++)
        {
            var line = _lines[(int)Turns[_turn]];
            _turn = (_turn + 1) % Turns.Length;
            if (line.TryDequeue(out id)) return true;
        }
        id = default;
        return false;
    }
}
