using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// The submissions of the last <see cref="Kept"/>, by the chance in their ids: an edge that got no answer asks once more
/// with the same, and must get the first one's. They are in no table, since nobody asks for longer than that.
/// </summary>
internal sealed class RecentAccepts
{
    /// <summary>Longer than any edge waits for an answer.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ulong, SubmissionId> _byChance = [];
    private readonly Queue<SubmissionId> _all = new();

    public int Count => _byChance.Count;

    public IEnumerable<SubmissionId> All => _all;

    public SubmissionId? Find(ulong chance) =>
        _byChance.TryGetValue(SubmissionId.ChanceOf(chance), out var id) ? id : null;

    /// <summary>Those before its time go with it: also while a journal is read there are no more than of 30 s.</summary>
    public void Add(SubmissionId id)
    {
        Forget(id.CreatedAt - Kept);
        _byChance[id.Chance] = id;
        _all.Enqueue(id);
    }

    public void Forget(DateTimeOffset before)
    {
        while (_all.TryPeek(out var oldest) && oldest.CreatedAt < before)
        {
            _all.Dequeue();
            if (_byChance.TryGetValue(oldest.Chance, out var id) && id == oldest) _byChance.Remove(oldest.Chance);
        }
    }
}
