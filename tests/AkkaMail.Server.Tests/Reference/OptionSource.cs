using System.Net;
using System.Text.RegularExpressions;

namespace AkkaMail.Server.Tests.Reference;

/// <summary>The summaries of an options class, read from its source: the assembly does not have them.</summary>
internal sealed partial class OptionSource
{
    private readonly Dictionary<string, string> _summaries;

    private OptionSource(Dictionary<string, string> summaries) => _summaries = summaries;

    public static OptionSource Read(Type type)
    {
        var file = Path.Combine(ReferencePage.Root, "src", "AkkaMail.Server", "Options", $"{type.Name}.cs");
        return new(Documented().Matches(File.ReadAllText(file))
            .ToDictionary(m => m.Groups["name"].Value, m => ToMarkdown(m.Groups["summary"].Value)));
    }

    public string Summary(string property) =>
        _summaries.TryGetValue(property, out var summary)
            ? summary : throw new KeyNotFoundException($"{property} has no summary");

    private static string ToMarkdown(string summary)
    {
        var lines = summary.Split('\n').Select(line => line.Trim().TrimStart('/').Trim());
        var text = Code().Replace(string.Join(' ', lines), "`$1`");
        return WebUtility.HtmlDecode(Reference().Replace(text, "`$1`")).Trim();
    }

    [GeneratedRegex(
        """/// <summary>(?<summary>.*?)</summary>\s*(?:\[[^\n]*\]\s*)*public [\w<>?.]+ (?<name>\w+) \{ get; set; \}""",
        RegexOptions.Singleline)]
    private static partial Regex Documented();

    [GeneratedRegex("<c>(.*?)</c>")]
    private static partial Regex Code();

    [GeneratedRegex("""<see cref="(.*?)" ?/>""")]
    private static partial Regex Reference();
}
