using System.Globalization;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Rules;

/// <summary>
/// The properties of an object, taken by name. Null is what is not there or is faulty; <see cref="End"/> refuses the
/// rest.
/// </summary>
internal sealed class Fields(Place place)
{
    private readonly List<string> _known = [];

    public Place Place => place;

    public Place? Take(string name)
    {
        _known.Add(name);
        return place.Member(name);
    }

    public void End() => place.Unknown(_known);

    public string? Text(string name, int charactersMax)
    {
        if (Take(name) is not { } p || !p.Is(SpotKind.Text, "a text")) return null;
        if (p.Spot.Text.Length is var length && (length == 0 || length > charactersMax))
            p.Fault($"has {length} characters; 1 to {charactersMax} are allowed");
        else if (p.Spot.Text.Any(char.IsControl)) p.Fault("has a control character");
        else return p.Spot.Text;
        return null;
    }

    public string? Name(string name) => Checked(Text(name, RuleBounds.NameCharacters), name, Names.Problem);

    public string? Host(string name) => Checked(Text(name, Names.HostMax), name, Names.HostProblem);

    private string? Checked(string? text, string name, Func<string, string?> problemOf)
    {
        if (text is null || problemOf(text) is not { } problem) return text;
        place.Member(name)!.Fault(problem);
        return null;
    }

    public int? Int(string name, int min, int max) =>
        Take(name) is { } p && Values.Whole(p, min, max) is { } value ? (int)value : null;

    /// <summary>A share of something.</summary>
    public double? Share(string name, double min, double max)
    {
        if (Take(name) is not { } p || !p.Is(SpotKind.Number, "a number")) return null;
        if (double.TryParse(p.Spot.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max) return value;
        p.Fault(string.Create(CultureInfo.InvariantCulture, $"is {p.Spot.Text}; {min} to {max} is allowed"));
        return null;
    }

    public bool? Flag(string name) =>
        Take(name) is { } p && p.Is(SpotKind.Flag, "true or false") ? p.Spot.Text == "true" : null;

    public Rate? Rate(string name) => Take(name) is { } p ? Values.Rate(p) : null;

    public TimeSpan? Duration(string name, TimeSpan min, TimeSpan max) =>
        Take(name) is { } p ? Values.Duration(p, min, max) : null;

    public T? Word<T>(string name) where T : struct, Enum => Word(name, Words.Table<T>());

    public T? Word<T>(string name, IReadOnlyDictionary<string, T> words) where T : struct =>
        Take(name) is { } p ? Values.Word(p, words) : null;
}
