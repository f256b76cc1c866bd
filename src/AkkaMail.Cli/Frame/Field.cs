using System.Globalization;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Frame;

/// <summary>What becomes of a column where the screen is too narrow for all.</summary>
internal enum Fit { Whole, Cut, Wrap }

/// <summary>Whose a field is: the time of a wait stands beside its cause for people, by itself for programs.</summary>
internal enum ReadBy { All, People, Programs }

/// <summary>A value as scripts get it, and as people see it.</summary>
internal readonly record struct Cell(string Exact, string Shown, Tone Tone = Tone.Plain)
{
    public static readonly Cell Empty = new("", "");

    /// <summary>What people see on a line of its own below it.</summary>
    public string? Below { get; init; }
}

/// <summary>
/// One value of an answer: a column of a table, or a line of a thing that is shown. <paramref name="Name"/> is the
/// API's word for it, <paramref name="Of"/> finds it, given what time it is.
/// </summary>
internal sealed record Field(string Name, string Title, Func<JsonNode, DateTimeOffset, Cell> Of)
{
    public Fit Fit { get; init; }

    public ReadBy By { get; init; }

    /// <summary>Numbers stand under each other by their last digit.</summary>
    public bool IsRight { get; init; }

    /// <summary>Left out of a table that is too wide without it.</summary>
    public bool IsExtra { get; init; }

    /// <summary>A time with its day, where there is one a line.</summary>
    public Func<JsonNode, DateTimeOffset, Cell>? InFull { get; init; }

    /// <summary>Cut where there is no room for all of it.</summary>
    public Field Cut() => this with { Fit = Fit.Cut };

    /// <summary>Wrapped where there is no room for all of it in a line.</summary>
    public Field Wrap() => this with { Fit = Fit.Wrap };

    public Field Extra() => this with { IsExtra = true };

    public Field ForPrograms() => this with { By = ReadBy.Programs };

    public static Field Text(string name, string? title = null, Func<JsonNode, string?>? of = null) =>
        new(name, title ?? TitleOf(name), (node, _) => OfText(of is null ? Find(node, name).AsText() : of(node)));

    /// <summary>A cell that programs have no use for: they have its parts.</summary>
    public static Field ForPeople(string title, Func<JsonNode, DateTimeOffset, Cell> of) =>
        new(title, title, of) { By = ReadBy.People };

    /// <summary>A word of a closed list, painted as it is meant.</summary>
    public static Field State(string name, string? title = null, Func<JsonNode, string?>? of = null) =>
        new(name, title ?? TitleOf(name), (node, _) =>
            (of is null ? Find(node, name).AsText() : of(node)) is not { Length: > 0 } word ? Cell.Empty
                : new(word, Words(word), Tones.Of(word)));

    /// <summary>How long ago, or how soon; in full, where it has a line of its own.</summary>
    public static Field Time(string name, string? title = null) =>
        new(name, title ?? TitleOf(name), At(name, Moments.Relative)) { InFull = At(name, Moments.Full) };

    /// <summary>A time of a story.</summary>
    public static Field Clock(string name, string title) => new(name, title, At(name, Moments.Clock));

    private static Cell OfNumber(double number) => new(
        number.ToString("0.####", CultureInfo.InvariantCulture),
        number.ToString("#,0.##", CultureInfo.InvariantCulture),
        number == 0 ? Tone.Quiet : Tone.Plain);

    private static Func<JsonNode, DateTimeOffset, Cell> At(
        string name, Func<DateTimeOffset, DateTimeOffset, string> shown) => (node, now) =>
            Find(node, name).AsText() is not { } text ? Cell.Empty
                : Parse(text) is { } at ? new(Moments.Exact(at), shown(at, now)) : OfText(text);

    public static Field Number(string name, string? title = null, Func<JsonNode, double?>? of = null) =>
        new(name, title ?? TitleOf(name), (node, _) =>
            (of is null ? Find(node, name).AsNumber() : of(node)) is { } n ? OfNumber(n) : Cell.Empty)
        { IsRight = true };

    /// <summary>
    /// A part of a whole in percent. Rounded down: 100 % is all of them, and one in ten thousand that fails is seen.
    /// </summary>
    public static Field Share(string name, string title, Func<JsonNode, double?> of) =>
        new(name, title, (node, _) => of(node) is not { } share ? Cell.Empty
            : new(share.ToString("0.######", CultureInfo.InvariantCulture), Percent(share)))
        { IsRight = true };

    /// <summary>Entries of a list: commas between them.</summary>
    public static Field Many(string name, string? title = null) => new(name, title ?? TitleOf(name), (node, _) =>
        Find(node, name) is not JsonArray list ? Cell.Empty : new(
            string.Join(',', list.Select(e => e.AsText())), string.Join(", ", list.Select(e => e.AsText()))))
    { Fit = Fit.Cut };

    /// <summary>Underscores are for programs.</summary>
    public static string Words(string word) => word.Replace('_', ' ');

    /// <summary>By its path, as in <c>subject.name</c>.</summary>
    public static JsonNode? Find(JsonNode? node, string path) =>
        path.Split('.').Aggregate(node, (at, name) => (at as JsonObject)?[name]);

    /// <summary>Under one in a hundred each thousandth counts, as with complaints.</summary>
    private static string Percent(double share)
    {
        var digits = share < 0.01 ? 1_000 : 10;
        return string.Create(
            CultureInfo.InvariantCulture, $"{Math.Floor(Math.Round(share * 100 * digits, 6)) / digits:0.###} %");
    }

    private static Cell OfText(string? text) => text is null ? Cell.Empty : new(text, text);

    private static DateTimeOffset? Parse(string text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static string TitleOf(string name)
    {
        var word = Words(name.Split('.')[^1]);
        if (word.EndsWith(" at", StringComparison.Ordinal)) word = word[..^3];
        return word is "id" ? "ID" : char.ToUpperInvariant(word[0]) + word[1..];
    }
}
