using System.Collections.Immutable;

namespace AkkaMail.Core.Messages;

/// <summary>
/// One instance for each of the names that come again and again (sites, streams, nodes). Recipients choose domains, so
/// it is bounded: at <see cref="NamesMax"/> it starts afresh, which costs a few bytes and changes nothing.
/// </summary>
internal sealed class Interned
{
    public const int NamesMax = 20_000;
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<Way, Way> _ways = [];
    private ImmutableArray<string> _tags = [];

    public string Once(string name)
    {
        if (_names.TryGetValue(name, out var known)) return known;
        if (_names.Count >= NamesMax) _names.Clear();
        _names.Add(name, name);
        return name;
    }

    public Way Once(Way way)
    {
        if (_ways.TryGetValue(way, out var known)) return known;
        if (_ways.Count >= NamesMax) _ways.Clear();
        _ways.Add(way, way);
        return way;
    }

    /// <summary>One list for a run of mails with the same tags, as a campaign is.</summary>
    public ImmutableArray<string> Once(ImmutableArray<string> tags)
    {
        if (tags.IsEmpty) return [];
        if (!tags.AsSpan().SequenceEqual(_tags.AsSpan())) _tags = [.. tags.Select(tag => Once(tag))];
        return _tags;
    }
}
