using System.Threading.Channels;
using AkkaMail.Core.Delivery;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// What the delivery actor knows of one live lane. Credit is what may still be taken from ledgers: the buffer minus
/// what is asked for and what is on its way.
/// </summary>
internal sealed class Lane(string site, int creditsMax, ChannelWriter<DueMessage> buffer)
{
    private readonly Queue<int> _turns = new();
    private readonly HashSet<int> _ledgers = [];
    private readonly Dictionary<int, (int Count, DateTimeOffset At)> _requests = [];

    public string Site { get; } = site;

    public ChannelWriter<DueMessage> Buffer { get; } = buffer;

    /// <summary>Messages taken and not concluded.</summary>
    public HashSet<AttemptId> Running { get; } = [];

    public int Requested { get; private set; }

    /// <summary>Turns in line, also those of ledgers that have been emptied since: one a ledger at most.</summary>
    public int InLine => _turns.Count;

    public DateTimeOffset LastUse { get; set; }
    public int Credit => creditsMax - Running.Count - Requested;

    /// <summary>Nothing under way, nothing asked for, nobody to ask.</summary>
    public bool IsIdle => Running.Count == 0 && Requested == 0 && _ledgers.Count == 0;

    public void MailIn(int ledger)
    {
        // One that was emptied may still have its turn in line.
        if (_ledgers.Add(ledger) && !_turns.Contains(ledger)) _turns.Enqueue(ledger);
    }

    public void Emptied(int ledger) => _ledgers.Remove(ledger);

    /// <summary>
    /// Whom to ask next, and for how much: the free credit shared among the ledgers with mail, a quarter of the buffer
    /// at least, since each request costs its ledger a commit.
    /// </summary>
    public bool TryRequest(DateTimeOffset now, out int ledger, out int count)
    {
        count = 0;
        for (var i = _turns.Count; i > 0; i--)
        {
            ledger = _turns.Dequeue();
            if (!_ledgers.Contains(ledger)) continue;
            _turns.Enqueue(ledger);
            if (_requests.ContainsKey(ledger)) continue;
            count = Math.Min(Credit, Math.Max(Credit / _ledgers.Count, creditsMax / 4));
            if (count <= 0) return false;
            _requests.Add(ledger, (count, now));
            Requested += count;
            return true;
        }
        ledger = -1;
        return false;
    }

    /// <summary>The ledger answered, whatever it sent.</summary>
    public void Answered(int ledger)
    {
        if (_requests.Remove(ledger, out var request)) Requested -= request.Count;
    }

    /// <summary>Takes the credit back from ledgers that did not answer.</summary>
    public void ForgetRequests(DateTimeOffset askedBefore)
    {
        foreach (var ledger in _requests.Where(r => r.Value.At < askedBefore).Select(r => r.Key).ToList())
            Answered(ledger);
    }
}
