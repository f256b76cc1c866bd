using Microsoft.OpenApi;

namespace AkkaMail.Server.Description;

/// <summary>A type that is read by a converter of its own says itself what JSON it takes.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public abstract class OwnSchemaAttribute : Attribute
{
    /// <param name="document">For what it is made of, and is worth a name of its own.</param>
    public abstract void Describe(OpenApiSchema schema, OpenApiDocument document);
}
