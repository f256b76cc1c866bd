using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Operating;

/// <summary><c>akkamail openapi</c>: the description of the API, for generators and readers.</summary>
internal static class OpenApiVerb
{
    public static Verb Create() => new("openapi", "Print the API's description (OpenAPI). Needs no key.", async call =>
    {
        call.Print.Json((await call.Look("openapi/v1.json")).Text);
        return ExitCode.Done;
    })
    { PrintsOnly = "JSON" };
}
