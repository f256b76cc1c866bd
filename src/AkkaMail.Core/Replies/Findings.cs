using System.Collections.Immutable;

namespace AkkaMail.Core.Replies;

/// <summary>Where which part of a phrase stands in one text.</summary>
internal sealed class Findings(PhraseIndex index)
{
    private int[] _first = [];
    private int[] _last = [];
    private readonly List<(int End, int Next)> _places = [(0, 0)];

    public void Add(int part, int end)
    {
        if (_first.Length == 0) (_first, _last) = (new int[index.Parts], new int[index.Parts]);
        var place = _places.Count;
        _places.Add((end, 0));
        if (_first[part] == 0) _first[part] = place;
        else _places[_last[part]] = _places[_last[part]] with { Next = place };
        _last[part] = place;
    }

    /// <summary>Whether the parts stand in this order, each within the gap's bound of the one before.</summary>
    public bool Has(ImmutableArray<int> parts)
    {
        if (_first.Length == 0) return false;
        foreach (var part in parts)
            if (_first[part] == 0) return false;
        return parts.Length == 1 || Follows(parts);
    }

    /// <summary>Two sorted lists are walked side by side: steps are bounded by what was found.</summary>
    private bool Follows(ImmutableArray<int> parts)
    {
        List<int> ends = [.. Ends(parts[0])];
        for (var i = 1; i < parts.Length && ends.Count > 0; i++)
        {
            var reached = new List<int>();
            var before = 0;
            foreach (var end in Ends(parts[i]))
            {
                var start = end - index.Length(parts[i]);
                // One space belongs to both sides.
                while (before < ends.Count && start + 1 - ends[before] > Phrase.GapMax) before++;
                if (before == ends.Count) break;
                if (start + 1 >= ends[before]) reached.Add(end);
            }
            ends = reached;
        }
        return ends.Count > 0;
    }

    private IEnumerable<int> Ends(int part)
    {
        for (var place = _first[part]; place != 0; place = _places[place].Next) yield return _places[place].End;
    }
}
