using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace AkkaMail.Server.Http;

/// <summary>
/// How a converter says where inside its value the fault is, and how the whole path is made: the serializer knows the
/// way to the converter (<c>$.personalizations[3].to</c>), the converter the rest (<c>[0].email</c>).
/// </summary>
internal static partial class InField
{
    private const string Rest = "AkkaMail.Field";

    public static JsonException Problem(string rest, string message) => new(message) { Data = { [Rest] = rest } };

    public static FieldError ToError(JsonException e, JsonTypeInfo root)
    {
        var steps = Step().Matches(e.Path ?? "$");
        var field = string.Concat(steps.Select(step => step.Groups["index"].Success ? step.Value : $".{Name(step)}"));
        if (e.Data[Rest] is string rest) return new(Trim(field + rest), e.Message);
        return new(Trim(field), e.Message.StartsWith("Duplicate", StringComparison.Ordinal)
            ? "is given twice"
            : Expected(root, steps));
    }

    private static string Name(Match step) => step.Groups["name"].Value + step.Groups["quoted"].Value;

    private static string Trim(string field) => field.Length == 0 ? "$" : field.TrimStart('.');

    // Asked of the types, not read out of the serializer's message: that often names the object around the value.
    private static string Expected(JsonTypeInfo root, IReadOnlyCollection<Match> steps)
    {
        var type = root.Type;
        foreach (var step in steps)
        {
            var next = step.Groups["index"].Success ? type.GetElementType()
                : type.IsGenericType ? type.GetGenericArguments()[^1]
                : root.Options.GetTypeInfo(type).Properties.FirstOrDefault(p => p.Name == Name(step))?.PropertyType;
            if (next is null) return "is not a known field";
            type = next;
        }
        return type == typeof(byte[]) ? "must be base64"
            : type.IsArray ? "must be an array"
            : type == typeof(string) ? "must be text"
            : type == typeof(bool?) ? "must be true or false"
            : type == typeof(int?) ? "must be a whole number"
            : "must be an object";
    }

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\[(?<index>[0-9]+)\]|\['(?<quoted>.*?)'\]", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
