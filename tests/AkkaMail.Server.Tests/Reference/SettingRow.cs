using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace AkkaMail.Server.Tests.Reference;

/// <summary>A setting: its name in the environment, its default, its bounds, and what it does.</summary>
internal sealed partial class SettingRow(PropertyInfo property, OptionSource source, object defaults)
{
    public string[] Cells(string section)
    {
        var summary = source.Summary(property.Name);
        var said = DefaultSaid().Match(summary);
        return
        [
            $"`{section.Replace(":", "__", StringComparison.Ordinal)}__{property.Name}`",
            Default(said.Success ? said.Groups["words"].Value : null), Bounds(),
            DefaultSaid().Replace(summary, "").Trim(),
        ];
    }

    /// <summary>The value itself, and the summary's words for it where they say more.</summary>
    private string Default(string? said)
    {
        if (property.GetValue(defaults) is not { } value) return said ?? "none";
        var text = Text(value);
        var repeats = said is null || said.Trim('`').TrimStart('.', '/') == text
            || said.Replace(",", "", StringComparison.Ordinal) == text;
        return repeats ? $"`{text}`" : $"`{text}` ({said})";
    }

    private string Bounds() => string.Join(", ", property.GetCustomAttributes<ValidationAttribute>().Select(Words));

    private static string Words(ValidationAttribute attribute) => attribute switch
    {
        RangeAttribute range => $"`{Text(range.Minimum)}` to `{Text(range.Maximum)}`",
        MinLengthAttribute min => $"at least {min.Length} characters",
        MaxLengthAttribute max => $"at most {max.Length} characters",
        UrlAttribute => "an http or https address",
        RequiredAttribute => "not empty",
        _ => throw new NotSupportedException($"{attribute.GetType().Name} has no words in the reference yet"),
    };

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    [GeneratedRegex(@"\s*\bDefault:? (?<words>[^;]*)\.$")]
    private static partial Regex DefaultSaid();
}
