using Microsoft.OpenApi;

namespace AkkaMail.Server.Description;

/// <summary>A header that an endpoint reads beside those of every request.</summary>
internal sealed record ReadsHeader(string Name, int LengthMax, string Text);

/// <summary>A header of its answers with <paramref name="Status"/>, beside those of every answer.</summary>
internal sealed record AnswersHeader(int Status, string Name, string Text, JsonSchemaType Type = JsonSchemaType.String);
