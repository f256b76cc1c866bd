using System.Text;

namespace AkkaMail.Core.Mail;

/// <summary>
/// A name in a text: how often it stands there, first from <paramref name="Start"/> on, and the octets of its
/// placeholders as they are written.
/// </summary>
public readonly record struct PlaceholderUse(string Name, int Start, int Count, long Octets);

/// <summary>
/// What filling makes of a text, counted in one reading of it: how long it gets is then arithmetic for each recipient,
/// and nothing is built before it is promised.
/// </summary>
public sealed class FillTally
{
    private readonly List<PlaceholderUse> _uses = [];
    private readonly Dictionary<string, int>? _places;

    /// <param name="namesMax">
    /// More different names are not kept. It has to be more than variables can be, so that one of those kept is missing
    /// where there are more.
    /// </param>
    public FillTally(string text, int namesMax)
    {
        Octets = Encoding.UTF8.GetByteCount(text);
        var reader = new PlaceholderReader(text);
        if (!reader.Next()) return;
        _places = new(StringComparer.Ordinal);
        var known = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        do
        {
            var octets = Encoding.UTF8.GetByteCount(text.AsSpan(reader.Start, reader.End - reader.Start));
            if (known.TryGetValue(reader.Name, out var place))
            {
                var use = _uses[place];
                _uses[place] = use with { Count = use.Count + 1, Octets = use.Octets + octets };
            }
            else if (_uses.Count < namesMax)
            {
                var name = reader.Name.ToString();
                _places.Add(name, _uses.Count);
                _uses.Add(new(name, reader.Start, 1, octets));
            }
        }
        while (reader.Next());
    }

    /// <summary>In UTF-8, as it is written.</summary>
    public long Octets { get; }

    /// <summary>In the order in which they first stand in the text.</summary>
    public IReadOnlyList<PlaceholderUse> Uses => _uses;

    /// <summary>A placeholder has the name.</summary>
    public bool Has(string name) => _places?.ContainsKey(name) == true;

    /// <summary>In UTF-8, filled; <paramref name="octetsOf"/> is null for a name that stays as it is written.</summary>
    public long Filled(Func<string, long?> octetsOf)
    {
        var filled = Octets;
        foreach (var use in _uses)
            if (octetsOf(use.Name) is { } octets) filled += use.Count * octets - use.Octets;
        return filled;
    }
}
