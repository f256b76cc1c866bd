namespace AkkaMail.Engine.Wire;

/// <summary>What many facts of one event share, in the order it came up: each has its place, from 0.</summary>
internal sealed class Shared<T> where T : IEquatable<T>
{
    private readonly Dictionary<T, int> _places = [];
    private readonly List<T> _values = [];

    public IReadOnlyList<T> Values => _values;

    public int PlaceOf(T value)
    {
        if (_values.Count > 0 && _values[^1].Equals(value)) return _values.Count - 1;   // They come in runs.
        if (_places.TryGetValue(value, out var place)) return place;
        _places.Add(value, _values.Count);
        _values.Add(value);
        return _values.Count - 1;
    }
}
