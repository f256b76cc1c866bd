using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Description;

/// <summary>
/// What each schema still lacks when it has been made from its type: words, enums, bounds, and what may be absent. An
/// answer leaves out what has no value and never says <c>null</c>; a request may say <c>null</c> where it leaves out.
/// </summary>
internal sealed class SchemaFinish(DocComments comments, IReadOnlyDictionary<string, Type> types)
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance;

    public void Finish(OpenApiDocument document, OpenApiDocumentTransformerContext context)
    {
        var schemas = document.Components!.Schemas!;
        var asked = Asked(document);
        foreach (var (name, schema) in schemas.ToList())
            if (schema is OpenApiSchema own && types.GetValueOrDefault(name) is { } type)
                Describe(document, own, type, asked.Contains(name));
        foreach (var metadata in context.DescriptionGroups.SelectMany(g => g.Items)
            .Select(i => i.ActionDescriptor.EndpointMetadata))
            if (metadata.OfType<BodyBounds>().FirstOrDefault() is { } bounds
                && metadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType is { } body)
                Bound(new OpenApiSchemaReference(body.Name, document), bounds);
    }

    private void Describe(OpenApiDocument document, OpenApiSchema schema, Type type, bool isAsked)
    {
        schema.Description = comments.Of(type);
        type.GetCustomAttribute<OwnSchemaAttribute>()?.Describe(schema, document);
        if (schema.Properties is not { Count: > 0 } properties) return;
        var required = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in type.GetProperties(Own))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (!properties.TryGetValue(name, out var found)) continue;
            if (found is OpenApiSchema bare) Read(document, bare, property.PropertyType);
            var isNeeded = isAsked ? Says<RequiredAttribute>(property) is not null : !MayBeNull(found);
            if (isNeeded) required.Add(name);
            var words = Says<OneOfAttribute>(property)?.Allowed;
            // Beside an enum null would be a type of its own to every generator, and beside a choice Kiota drops both.
            var isChoice = words is not null || property.PropertyType.GetCustomAttribute<OwnSchemaAttribute>() is not null;
            var schemaOf = !isAsked || isNeeded || isChoice ? WithoutNull(found) : found;
            if (words is not null) Choose(schemaOf, words);
            if (schemaOf is OpenApiSchema plain) Bound(plain, property);
            schemaOf.Description = comments.Of(property);
            properties[name] = schemaOf;
        }
        schema.Required = required;
        // Unmapped members are refused, and a misspelt field is one.
        if (isAsked) schema.AdditionalPropertiesAllowed = false;
    }

    /// <summary>Of a property with a converter no more is known than its type.</summary>
    private static void Read(OpenApiDocument document, OpenApiSchema schema, Type type)
    {
        if (schema.Type is null && type == typeof(DateTimeOffset?))
            (schema.Type, schema.Format) = (JsonSchemaType.String | JsonSchemaType.Null, "date-time");
        else if (schema is { Items: null, Type: { } kind } && kind.HasFlag(JsonSchemaType.Array))
            schema.Items = new OpenApiSchemaReference(type.GetElementType()!.Name, document);
    }

    private static void Bound(OpenApiSchema schema, PropertyInfo property)
    {
        if (Says<RangeAttribute>(property) is { } range) Between(schema, range);
        if (Says<MaxLengthAttribute>(property) is not { Length: var max }) return;
        if (schema.Items is null) schema.MaxLength = max;
        else schema.MaxItems = max;
    }

    public static void Between(OpenApiSchema schema, RangeAttribute range) => (schema.Minimum, schema.Maximum) =
        (Convert.ToString(range.Minimum, CultureInfo.InvariantCulture), Convert.ToString(range.Maximum, CultureInfo.InvariantCulture));

    /// <summary>At the property, or at the parameter of the record that it comes from.</summary>
    private static T? Says<T>(PropertyInfo property) where T : Attribute =>
        property.GetCustomAttribute<T>() ?? property.DeclaringType!.GetConstructors()
            .SelectMany(c => c.GetParameters()).FirstOrDefault(p => p.Name == property.Name)?.GetCustomAttribute<T>();

    public static void Choose(IOpenApiSchema schema, IReadOnlyList<string> words)
    {
        if (schema is not OpenApiSchema own) return;
        if (own.Items is OpenApiSchema items) Choose(items, words);
        else own.Enum = [.. words.Select(w => JsonValue.Create(w))];
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type is { } type && type.HasFlag(JsonSchemaType.Null) || schema.OneOf?.Any(IsNull) is true;

    private static bool IsNull(IOpenApiSchema schema) => schema.Type is JsonSchemaType.Null;

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema)
    {
        if (schema.OneOf is { } some && some.Any(IsNull)) return some.First(s => !IsNull(s));
        if (schema is OpenApiSchema { Type: { } type } own) own.Type = type & ~JsonSchemaType.Null;
        return schema;
    }

    private static void Bound(IOpenApiSchema schema, BodyBounds bounds)
    {
        foreach (var (name, below) in bounds.Named())
        {
            if (schema.Properties?.TryGetValue(name, out var found) is not true || found is not OpenApiSchema list) continue;
            if (list.Type is { } type && type.HasFlag(JsonSchemaType.Array)) list.MaxItems = below.Bound?.Max;
            else list.MaxProperties = below.Bound?.Max;
            if (below.Each is { } each && list.Items is { } items)
                Bound(items.OneOf?.FirstOrDefault(s => !IsNull(s)) ?? items, each);
        }
    }

    /// <summary>The names of what requests are made of; no answer has one of them.</summary>
    private static HashSet<string> Asked(OpenApiDocument document)
    {
        var names = new HashSet<string>();
        foreach (var body in document.Paths.SelectMany(p => p.Value.Operations!.Values).Select(o => o.RequestBody?.Content))
            foreach (var media in body?.Values ?? [])
                Reach(media.Schema);
        return names;

        void Reach(IOpenApiSchema? schema)
        {
            if (schema is null || schema is OpenApiSchemaReference { Reference.Id: { } id } && !names.Add(id)) return;
            foreach (var below in (schema.Properties?.Values ?? []).Concat(schema.OneOf ?? []).Append(schema.Items)
                .Append(schema.AdditionalProperties))
                Reach(below);
        }
    }
}
