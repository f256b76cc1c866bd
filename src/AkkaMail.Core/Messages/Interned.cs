namespace AkkaMail.Core.Messages;

/// <summary>
/// One instance for each of the names that come again and again (sites, streams, nodes). Recipients choose domains, so
/// it is bounded: at <see cref="NamesMax"/> it starts afresh, which costs a few bytes and changes nothing.
/// </summary>
internal sealed class Interned
{
    public const int NamesMax = 20_000;
    private readonly Dictionary<string, string> _names = [];

    public string Once(string name)
    {
        if (_names.TryGetValue(name, out var known)) return known;
        if (_names.Count >= NamesMax) _names.Clear();
        _names.Add(name, name);
        return name;
    }
}
