using System.Text.Json.Nodes;
using AkkaMail.Server.Description;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Api.Messages;

/// <summary>What <see cref="AddressConverter"/> reads.</summary>
internal sealed class SendAddressSchemaAttribute : OwnSchemaAttribute
{
    private const string Named = "NamedAddress";

    public override void Describe(OpenApiSchema schema, OpenApiDocument document)
    {
        document.Components!.Schemas![Named] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "An address, and the name beside it.",
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["email"] = Text("The address.", 254),
                ["name"] = Text("The name. Left out: none.", 320),
            },
            Required = new HashSet<string> { "email" },
            AdditionalPropertiesAllowed = false,
        };
        schema.OneOf =
        [
            new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "An address, or a name and an address in angle brackets (RFC 5322 §3.4).",
            },
            new OpenApiSchemaReference(Named, document),
        ];
    }

    private static OpenApiSchema Text(string description, int max) =>
        new() { Type = JsonSchemaType.String, Description = description, MaxLength = max };
}

/// <summary>What <see cref="SendTextConverter"/> reads.</summary>
internal sealed class SendTextSchemaAttribute : OwnSchemaAttribute
{
    public override void Describe(OpenApiSchema schema, OpenApiDocument document) => schema.OneOf =
    [
        new OpenApiSchema { Type = JsonSchemaType.String, Description = "The text." },
        new OpenApiSchema
        {
            Type = JsonSchemaType.Boolean,
            Description = "`false`: none, and none is made of the HTML.",
            Enum = [JsonValue.Create(false)],
        },
    ];
}

/// <summary>What <see cref="SendValueConverter"/> reads.</summary>
internal sealed class SendValueSchemaAttribute : OwnSchemaAttribute
{
    public override void Describe(OpenApiSchema schema, OpenApiDocument document) =>
        (schema.Type, schema.Description) = (JsonSchemaType.String, "The value of a variable.");
}
