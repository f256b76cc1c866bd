using System.Collections.Frozen;
using System.Reflection;

namespace AkkaMail.Core.Ids;

/// <summary>What a value is called wherever it is said: in the API, in files of rules, in metrics.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class WordAttribute(string word) : Attribute
{
    public string Word { get; } = word;
}

/// <summary>
/// The words of enums. They stand at their values and nowhere else, so that a value may get another name in the code
/// and nothing outside changes.
/// </summary>
public static class Words
{
    /// <summary>Of a number that a newer program has stored: <c>unknown</c>, so that all else there is can be read.</summary>
    public static string ToWord<T>(this T value) where T : struct, Enum =>
        TableOf<T>.Words.GetValueOrDefault(value) ?? "unknown";

    /// <summary>Null: no such word.</summary>
    public static T? Parse<T>(string word) where T : struct, Enum =>
        TableOf<T>.Values.TryGetValue(word, out var value) ? value : null;

    /// <summary>All, by their values' numbers.</summary>
    public static IEnumerable<string> Of<T>() where T : struct, Enum => Enum.GetValues<T>().Select(ToWord);

    /// <summary>The values by their words.</summary>
    public static IReadOnlyDictionary<string, T> Table<T>() where T : struct, Enum => TableOf<T>.Values;

    private static class TableOf<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Words =
            Enum.GetValues<T>().ToFrozenDictionary(v => v, WordOf);

        public static readonly FrozenDictionary<string, T> Values =
            Words.ToFrozenDictionary(w => w.Value, w => w.Key);

        private static string WordOf(T value) =>
            typeof(T).GetField(Enum.GetName(value)!)?.GetCustomAttribute<WordAttribute>()?.Word
            ?? throw new InvalidOperationException($"{typeof(T).Name}.{value} has no word");
    }
}
