using System.Collections.Concurrent;
using System.Reflection;
using AkkaMail.Server.Http;
using AkkaMail.Server.Options;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Description;

/// <summary>
/// The description of the API at <c>/openapi/v1.json</c> (OpenAPI 3.1): made from the endpoints, their types and the
/// comments at them, so that it cannot say another thing than they do. Tests hold that it says all.
/// </summary>
internal static class ApiDescription
{
    public const string Scheme = "key";

    private const string About =
        """
        AkkaMail takes mail, promises it, and delivers it. A `202` is a promise: each recipient of a mail is a message of its
        own, and ends in exactly one of `delivered`, `bounced`, `expired`, `failed`, `suppressed` and `cancelled`.

        Every request has a key: `Authorization: Bearer KEY`. What the key may do is its scopes; each operation names the
        one it needs, also as `x-scope`. `manage` has `send` and `read` in it, `admin` has all.

        Bodies are JSON in UTF-8, times RFC 3339. A field, parameter or header of ours that is not known is refused. An
        answer leaves out what has no value, and never has `null`. A list has `next_cursor` when there is more: ask again
        with the same filters and `cursor`. A refusal is `application/problem+json` (RFC 9457) with a `code` of a closed
        list; the codes an answer may have stand at it, also as `x-codes`.
        """;

    /// <param name="tags">The rooms of the API, each with a sentence.</param>
    public static void AddApiDescription(this IServiceCollection services, IEnumerable<(string Name, string Says)> tags) =>
        services.AddOpenApi("v1", options =>
        {
            var types = new ConcurrentDictionary<string, Type>();
            var comments = new Lazy<DocComments>(DocComments.OfThisProgram);
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = json =>
            {
                var name = Microsoft.AspNetCore.OpenApi.OpenApiOptions.CreateDefaultSchemaReferenceId(json);
                if (name is not null) types[name] = Nullable.GetUnderlyingType(json.Type) ?? json.Type;
                return name;
            };
            options.AddOperationTransformer((operation, context, _) =>
            {
                new OperationFinish(comments.Value).Finish(operation, context);
                return Task.CompletedTask;
            });
            options.AddDocumentTransformer((document, context, _) =>
            {
                Frame(document, tags, context.ApplicationServices.GetRequiredService<IOptions<AkkaMailOptions>>().Value);
                new SchemaFinish(comments.Value, types).Finish(document, context);
                return Task.CompletedTask;
            });
        });

    private static void Frame(
        OpenApiDocument document, IEnumerable<(string Name, string Says)> tags, AkkaMailOptions options)
    {
        document.Info = new()
        {
            Title = "AkkaMail",
            Version = typeof(ApiDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion.Split('+')[0],
            Description = About,
            License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        // Never what the request says of its host: that is whatever somebody wrote.
        var url = (options.PublicUrl ?? "").TrimEnd('/');
        document.Servers = [new() { Url = url.Length == 0 ? "/" : url }];
        document.Tags = tags.DistinctBy(t => t.Name)
            .Select(t => new OpenApiTag { Name = t.Name, Description = t.Says }).ToHashSet();
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key of `POST /v1/keys`, or the installation's own: `Authorization: Bearer KEY`.",
            },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        document.Components.Parameters = new Dictionary<string, IOpenApiParameter>
        {
            [SharedParameters.Tenant.Name!] = SharedParameters.Tenant,
            [SharedParameters.RequestId.Name!] = SharedParameters.RequestId,
        };
        document.Components.Headers = new Dictionary<string, IOpenApiHeader>
        {
            [RequestIds.Header] = Header("The request's name: the one it came with, or the server's.", JsonSchemaType.String),
            ["Retry-After"] = Header("Seconds after which the same may be sent again.", JsonSchemaType.Integer),
            ["WWW-Authenticate"] = Header("`Bearer`: a key is needed.", JsonSchemaType.String),
        };
    }

    private static OpenApiHeader Header(string text, JsonSchemaType type) =>
        new() { Description = text, Schema = new OpenApiSchema { Type = type } };
}
