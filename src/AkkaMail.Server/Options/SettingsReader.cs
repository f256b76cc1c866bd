using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using AkkaMail.Core.Hygiene;
using AkkaMail.Core.Rules;

namespace AkkaMail.Server.Options;

/// <summary>
/// Settings as they were written become the records of this folder. What is wrong is a sentence with the setting's
/// name, and all of them are told at once; a name that no setting has is wrong as well. A setting that is empty is unset:
/// compose files and charts write one for each variable that nobody gave.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const string Root = AkkaMailOptions.Section;
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Faults => _faults;

    public T Read<T>(string section) where T : new()
    {
        var options = new T();
        var faults = _faults.Count;
        foreach (var property in typeof(T).GetProperties().Where(p => p.CanWrite))
        {
            var name = $"{section}:{property.Name}";
            _known.Add(name);
            if (configuration[name]?.Trim() is not { Length: > 0 } text) continue;
            if (Value(text, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is not { } value)
                _faults.Add($"{name} is '{text}', which is not a {Kind(property.PropertyType)}.");
            else if (property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(a => !a.IsValid(value)) is { } broken)
                _faults.Add($"{name} {Words(broken, text, property.PropertyType)}.");
            else
                property.SetValue(options, value);
        }
        // Of values that are wrong by themselves nobody needs to hear that they contradict each other.
        if (_faults.Count == faults && options is IValidatableObject whole)
            _faults.AddRange(whole.Validate(new(whole)).Select(result => $"{Root}:{result.ErrorMessage}"));
        return options;
    }

    /// <summary>After all have been read: names that none of them has.</summary>
    public void FindUnknown()
    {
        foreach (var (name, value) in configuration.GetSection(Root).AsEnumerable())
            // A variable AKKAMAIL is somebody else's.
            if (!string.IsNullOrWhiteSpace(value) && !_known.Contains(name) && name.Length > Root.Length) Unknown(name);
        // AkkaMail_AdminKey has one underscore where two are needed, and would be nobody's.
        foreach (var (name, value) in configuration.AsEnumerable())
            if (!string.IsNullOrWhiteSpace(value) && name.StartsWith($"{Root}_", StringComparison.OrdinalIgnoreCase)
                && _known.Contains(name.Replace('_', ':')))
                Unknown(name);
    }

    private void Unknown(string name)
    {
        var plain = name.Replace('_', ':').ToUpperInvariant();
        var near = _known.Select(known => (Name: known, Edits: Misspelling.Edits(plain, known.ToUpperInvariant())))
            .MinBy(k => k.Edits);
        _faults.Add(near.Edits <= 3 ? $"{name} is not a setting: did you mean {near.Name}?"
            : $"{name} is not a setting: they are all in docs/reference/settings.md.");
    }

    /// <summary>Null when the text is no such value.</summary>
    private static object? Value(string text, Type type) =>
        type == typeof(string) ? text
        : type == typeof(TimeSpan) ? Durations.Read(text)
        : type == typeof(bool) ? bool.TryParse(text, out var yes) ? yes : null
        : type == typeof(int) ? int.TryParse(text, Digits, CultureInfo.InvariantCulture, out var some) ? some : null
        : type == typeof(long) ? long.TryParse(text, Digits, CultureInfo.InvariantCulture, out var many) ? many : null
        : type == typeof(double) ? double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out var part) ? part : null
        : type.IsEnum ? Enum.TryParse(type, text, ignoreCase: true, out var word) && Enum.IsDefined(type, word) ? word : null
        : throw new NotSupportedException($"a setting of type {type.Name} has no reader yet");

    private const NumberStyles Digits = NumberStyles.AllowLeadingSign;
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(TimeSpan) => "duration like 90s, 10m or 00:10:00",
        var t when t == typeof(bool) => "boolean (true or false)",
        var t when t == typeof(double) => "number",
        var t when t.IsEnum => $"value of {string.Join(", ", Enum.GetNames(t))}",
        _ => "whole number",
    };

    private static string Words(ValidationAttribute broken, string text, Type type) => broken switch
    {
        RangeAttribute range => $"is {text}; {Bound(range.Minimum, type)} to {Bound(range.Maximum, type)} is allowed",
        MinLengthAttribute min => $"has {text.Length} characters; it needs at least {min.Length}",
        MaxLengthAttribute max => $"has {text.Length} characters; {max.Length} are allowed",
        UrlAttribute => $"is '{text}', which is not an http or https address",
        _ => throw new NotSupportedException($"{broken.GetType().Name} has no words yet"),
    };

    private static string Bound(object bound, Type type) =>
        type == typeof(TimeSpan) ? Durations.Words(bound as TimeSpan? ?? TimeSpan.Parse((string)bound, CultureInfo.InvariantCulture))
        : Convert.ToString(bound, CultureInfo.InvariantCulture)!;
}
