using AkkaMail.Server.Description;
using AkkaMail.Server.Hygiene;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Api.Hygiene;

/// <summary>A line of the answer: an address, what ended the check early, or the summary, which is the last.</summary>
/// <param name="Line">An address of the list.</param>
/// <param name="Fault">At most one, behind the addresses.</param>
/// <param name="End">Always the last.</param>
[HygieneAnswerSchema]
internal sealed record HygieneAnswer(HygieneLine Line, HygieneFault Fault, HygieneEnd End);

/// <summary>One of them, and not all: a line has no wrapper.</summary>
internal sealed class HygieneAnswerSchemaAttribute : OwnSchemaAttribute
{
    public override void Describe(OpenApiSchema schema, OpenApiDocument document)
    {
        schema.OneOf = [.. schema.Properties!.Values];
        (schema.Type, schema.Properties, schema.Required) = (null, null, null);
    }
}
