using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AkkaMail.Server.Description;

/// <summary>
/// What stands above types, members and parameters in the source, as Markdown. The compiler writes it into a file beside
/// the program. Refused: the generator of Microsoft.AspNetCore.OpenApi, which reads no private handler, loses what is said
/// of a property that is an object and may be absent, and spells <c>cref</c> as C# does.
/// </summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<string, XElement> _members;

    private DocComments(XDocument file) => _members = file.Descendants("member")
        .ToDictionary(m => m.Attribute("name")!.Value, m => m, StringComparer.Ordinal);

    /// <exception cref="FileNotFoundException">The file is not beside the program.</exception>
    public static DocComments OfThisProgram() => new(XDocument.Load(Path.Combine(
        AppContext.BaseDirectory, $"{typeof(DocComments).Assembly.GetName().Name}.xml")));

    /// <summary>Null: nothing stands there.</summary>
    public string? Of(Type type) => Text(_members.GetValueOrDefault($"T:{NameOf(type)}")?.Element("summary"));

    /// <summary>Its own summary, or what is said of the parameter of the record that it comes from.</summary>
    public string? Of(PropertyInfo property) =>
        Text(_members.GetValueOrDefault($"P:{NameOf(property.DeclaringType!)}.{property.Name}")?.Element("summary"))
        ?? Text(Param(_members.GetValueOrDefault($"T:{NameOf(property.DeclaringType!)}"), property.Name));

    /// <summary>Of a handler's parameter; handlers have no overloads.</summary>
    public string? Of(MethodInfo method, string parameter)
    {
        var start = $"M:{NameOf(method.DeclaringType!)}.{method.Name}(";
        return Text(Param(
            _members.FirstOrDefault(m => m.Key.StartsWith(start, StringComparison.Ordinal)).Value, parameter));
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static XElement? Param(XElement? member, string name) =>
        member?.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == name);

    private static string? Text(XElement? element) =>
        element is null ? null : Blanks().Replace(Markdown(element), " ").Trim();

    private static string Markdown(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement e when (e.Attribute("langword") ?? e.Attribute("name")) is { Value: var name } =>
            $"`{(e.Name.LocalName == "paramref" ? Json(name) : name)}`",
        XElement e when e.Attribute("cref") is { Value: var cref } =>
            $"`{(cref[0] == 'P' ? Json(Last(cref)) : Last(cref))}`",
        XElement other => Markdown(other),
        _ => "",
    }));

    private static string Last(string cref) => cref[(cref.LastIndexOf('.') + 1)..];

    private static string Json(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
