using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Description;

/// <summary>What an operation takes, needs and answers beside its bodies: from its handler and what stands at it.</summary>
internal sealed class OperationFinish(DocComments comments)
{
    public void Finish(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            Describe(parameter, metadata.OfType<MethodInfo>().First());
        operation.Parameters ??= [];
        foreach (var header in metadata.OfType<ReadsHeader>())
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Text,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = header.LengthMax },
            });
        foreach (var shared in (string[])[SharedParameters.Tenant.Name!, SharedParameters.RequestId.Name!])
            operation.Parameters.Add(new OpenApiParameterReference(shared, context.Document));
        Scope(operation, metadata, context.Description.HttpMethod);
        Files(operation.RequestBody?.Content);
        foreach (var response in operation.Responses!.Values) Files(response.Content);
        foreach (var (status, response) in operation.Responses!.ToList())
            operation.Responses![status] = Answer(
                int.Parse(status, CultureInfo.InvariantCulture), (OpenApiResponse)response, metadata, context.Document!);
        Examples.Add(operation);
    }

    private void Describe(OpenApiParameter parameter, MethodInfo handler)
    {
        var (name, schema) = (parameter.Name!, (OpenApiSchema)parameter.Schema!);
        var own = handler.GetParameters().FirstOrDefault(p => p.Name == name);
        parameter.Description = comments.Of(handler, name) ?? SharedParameters.TextOf(name);
        if (own?.GetCustomAttribute<OneOfAttribute>() is { Allowed: var words }) SchemaFinish.Choose(schema, words);
        if (own?.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema.Type = JsonSchemaType.Integer;
            SchemaFinish.Between(schema, range);
        }
        if (own?.GetCustomAttribute<DataTypeAttribute>() is { DataType: DataType.Date }) schema.Format = "date";
        SharedParameters.Shape(name, schema);
    }

    /// <summary>
    /// A body that no type stands for is a file. Its bytes are <c>binary</c>, which generators know: of a text they would
    /// make an encoding. Only what says that it is text is one, and JSON is an object that has members of its own.
    /// </summary>
    private static void Files(IDictionary<string, OpenApiMediaType>? content)
    {
        foreach (var (type, media) in content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (media.Schema is not OpenApiSchema { Type: JsonSchemaType.String }) continue;
            if (type == "application/json")
                media.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalPropertiesAllowed = true,
                    AdditionalProperties = new OpenApiSchema(),
                };
            else if (!type.StartsWith("text/", StringComparison.Ordinal))
                media.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        }
    }

    private static void Scope(OpenApiOperation operation, IList<object> metadata, string? method)
    {
        var scope = (metadata.OfType<NeedsScope>().LastOrDefault()?.Scope ?? Scopes.Admin).ToWords()[0];
        var isObserved = method == HttpMethods.Get
            && metadata.OfType<Observed>().LastOrDefault() is not { How: Observing.Nothing };
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-scope"] = new JsonNodeExtension(JsonValue.Create(scope));
        operation.Description = $"{operation.Description} Scope: `{scope}`{(isObserved ? ", or `observe`" : "")}.".Trim();
    }

    /// <summary>A refusal that is the same wherever it is given stands in the components, once.</summary>
    private static IOpenApiResponse Answer(
        int status, OpenApiResponse response, IList<object> metadata, OpenApiDocument document)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[RequestIds.Header] = new OpenApiHeaderReference(RequestIds.Header, document);
        foreach (var header in metadata.OfType<AnswersHeader>().Where(h => h.Status == status))
            response.Headers[header.Name] = new OpenApiHeader
            {
                Description = header.Text,
                Schema = new OpenApiSchema { Type = header.Type },
            };
        if (status is 429 or 503)
            response.Headers["Retry-After"] = new OpenApiHeaderReference("Retry-After", document);
        if (status is 401)
            response.Headers["WWW-Authenticate"] = new OpenApiHeaderReference("WWW-Authenticate", document);
        if (status < 400) return response;
        var codes = Problems.CodesOf(status, [.. metadata.OfType<OwnRefusals>().SelectMany(r => r.Codes)]);
        response.Description += $": {string.Join(" or ", codes.Select(c => $"`{c}`"))}.";
        response.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        response.Extensions["x-codes"] = new JsonNodeExtension(new JsonArray([.. codes.Select(c => JsonValue.Create(c))]));
        if (codes.Count > Problems.CodesOf(status, []).Count) return response;
        document.Components ??= new();
        document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        document.Components.Responses.TryAdd($"Refused{status}", response);
        return new OpenApiResponseReference($"Refused{status}", document);
    }
}
