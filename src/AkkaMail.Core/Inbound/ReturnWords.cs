using System.Text;

namespace AkkaMail.Core.Inbound;

/// <summary>The words of the API: the names in small letters, with a line between their parts.</summary>
public static class ReturnWords
{
    public static string Word<T>(T value) where T : struct, Enum => Words<T>.All[value];

    /// <summary>Null: no such word.</summary>
    public static T? Parse<T>(string word) where T : struct, Enum =>
        Words<T>.All.Where(w => w.Value == word).Select(w => (T?)w.Key).FirstOrDefault();

    public static IEnumerable<string> Of<T>() where T : struct, Enum => Words<T>.All.Values;

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All =
            Enum.GetValues<T>().ToDictionary(value => value, value => Snake(value.ToString()));

        private static string Snake(string name)
        {
            var word = new StringBuilder(name.Length + 4);
            foreach (var c in name)
            {
                if (char.IsAsciiLetterUpper(c) && word.Length > 0) word.Append('_');
                word.Append(char.ToLowerInvariant(c));
            }
            return word.ToString();
        }
    }
}
