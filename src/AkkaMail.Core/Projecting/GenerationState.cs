using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Projecting;

/// <summary>What a generation of a projection is to those who ask.</summary>
public enum GenerationState : byte
{
    /// <summary>Answers are read from it.</summary>
    [Word("current")] Current,

    /// <summary>It is being read from the journal, and far behind.</summary>
    [Word("building")] Building,

    /// <summary>It has caught up: it can be swapped in.</summary>
    [Word("ready")] Ready,

    /// <summary>It was read before the swap, and is kept for a way back.</summary>
    [Word("old")] Old,
}
