using System.Collections.Immutable;

namespace AkkaMail.Core.Replies;

/// <summary>
/// Finds all phrases of all rules in one pass over the text (Aho and Corasick, 1975). The work grows with the text and
/// never explodes, whatever it says: that is why rules have phrases and not regular expressions.
/// </summary>
internal sealed class PhraseIndex
{
    private readonly Dictionary<string, int> _parts = [];
    private readonly Dictionary<long, int> _next = [];
    private readonly List<int> _fallback = [0];
    private readonly List<int> _found = [-1];
    private readonly List<int> _alsoFound = [0];
    private readonly List<int> _lengths = [];

    public PhraseIndex(IEnumerable<Phrase> phrases)
    {
        foreach (var part in phrases.SelectMany(phrase => phrase.Parts))
            if (_parts.TryAdd(part, _parts.Count)) Grow(part, _parts.Count - 1);
        Link();
    }

    public int Parts => _parts.Count;

    public int Length(int part) => _lengths[part];

    public ImmutableArray<int> Numbers(Phrase phrase) => [.. phrase.Parts.Select(part => _parts[part])];

    public Findings Search(string words)
    {
        var findings = new Findings(this);
        var state = 0;
        for (var i = 0; i < words.Length; i++)
        {
            int next;
            while (!_next.TryGetValue(Edge(state, words[i]), out next) && state != 0) state = _fallback[state];
            state = next;
            for (var at = _found[state] >= 0 ? state : _alsoFound[state]; at != 0; at = _alsoFound[at])
                findings.Add(_found[at], i + 1);
        }
        return findings;
    }

    private static long Edge(int state, char letter) => (long)state << 16 | letter;

    private void Grow(string part, int number)
    {
        var state = 0;
        foreach (var letter in part)
        {
            if (!_next.TryGetValue(Edge(state, letter), out var next))
            {
                next = _fallback.Count;
                _next[Edge(state, letter)] = next;
                _fallback.Add(0);
                _found.Add(-1);
                _alsoFound.Add(0);
            }
            state = next;
        }
        _found[state] = number;
        _lengths.Add(part.Length);
    }

    /// <summary>By depth: a state's fallback is less deep, and linked already.</summary>
    private void Link()
    {
        var children = _next.ToLookup(
            edge => (int)(edge.Key >> 16), edge => (Letter: (char)edge.Key, State: edge.Value));
        var queue = new Queue<int>([0]);
        while (queue.TryDequeue(out var state))
            foreach (var (letter, child) in children[state])
            {
                var fallback = _fallback[state];
                var target = 0;
                while (state != 0 && !_next.TryGetValue(Edge(fallback, letter), out target) && fallback != 0)
                    fallback = _fallback[fallback];
                _fallback[child] = target;
                _alsoFound[child] = _found[target] >= 0 ? target : _alsoFound[target];
                queue.Enqueue(child);
            }
    }
}
