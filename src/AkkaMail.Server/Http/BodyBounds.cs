using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AkkaMail.Server.Http;

/// <summary>
/// How many entries a list or a map of a body may have. <paramref name="Problem"/> is said with their number.
/// </summary>
/// <param name="Shared">
/// Several lists have so many together, and this is the field that is named then; null: each has its own.
/// </param>
public sealed record BodyBound(int Max, Func<long, string> Problem, string? Shared = null)
{
    public static BodyBound MoreThan(int max, string hint = "") => new(max, _ => string.Create(
        CultureInfo.InvariantCulture, $"are more than {max}{hint}"));
}

/// <summary>
/// The bounds of a body by their places, as <c>headers</c> or <c>personalizations[].to</c>. They hold before anything is
/// made of the body: three bytes of JSON become an object of fifty, and ten million of those are counted, not built.
/// </summary>
public sealed class BodyBounds
{
    public static readonly BodyBounds None = new();

    private readonly List<(byte[] Name, BodyBounds Below)> _names = [];
    private BodyBounds? _each;

    public BodyBounds(params ReadOnlySpan<(string Place, BodyBound Bound)> bounds)
    {
        foreach (var (place, bound) in bounds)
        {
            var at = this;
            foreach (var step in place.Replace("[]", ".[]", StringComparison.Ordinal).Split('.')) at = at.Below(step);
            at.Bound = bound;
        }
    }

    public BodyBound? Bound { get; private set; }

    /// <summary>What holds for each entry of a list.</summary>
    public BodyBounds? Each => _each;

    /// <summary>What holds for each property that has a bound, or bounds below it.</summary>
    public IEnumerable<(string Name, BodyBounds Below)> Named() =>
        _names.Select(n => (Encoding.UTF8.GetString(n.Name), n.Below));

    /// <summary>What holds for the property whose name is being read, however it is escaped.</summary>
    public BodyBounds? Named(ref Utf8JsonReader reader)
    {
        foreach (var (name, below) in _names)
            if (reader.ValueTextEquals(name)) return below;
        return null;
    }

    private BodyBounds Below(string step)
    {
        if (step == "[]") return _each ??= new();
        var name = Encoding.UTF8.GetBytes(step);
        foreach (var (known, below) in _names)
            if (known.AsSpan().SequenceEqual(name)) return below;
        _names.Add((name, new()));
        return _names[^1].Below;
    }
}
