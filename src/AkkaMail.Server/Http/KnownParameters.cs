using System.Runtime.CompilerServices;
using AkkaMail.Server.Refusals;
using Microsoft.AspNetCore.Http.Metadata;

namespace AkkaMail.Server.Http;

/// <summary>
/// A query parameter that nobody reads is a mistake: <c>?tenant=acme</c> would answer with everybody's mail. One that
/// is given twice would be read as a value that nobody has written.
/// </summary>
internal static class KnownParameters
{
    private static readonly ConditionalWeakTable<RouteEndpoint, string[]> Known = [];

    /// <summary>Under <paramref name="paths"/> an endpoint gets the parameters it has, each once; else 400.</summary>
    public static void UseKnownParameters(this IApplicationBuilder app, params string[] paths) => app.Use((context, next) =>
    {
        var (query, path) = (context.Request.Query, context.Request.Path);
        if (query.Count == 0 || context.GetEndpoint() is not RouteEndpoint endpoint
            || !Array.Exists(paths, p => path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase)))
            return next(context);
        var known = Known.GetValue(endpoint, Of);
        var errors = new FieldErrors();
        foreach (var (name, values) in query)
            errors.Check(name.Length == 0 ? "?" : name, name.Length == 0 ? "has a value without a name"
                : !known.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? known.Length == 0 ? "is not a parameter of this path: it has none"
                    : $"is not a parameter of this path: it has {string.Join(", ", known)}"
                : values.Count > 1 ? "is given twice" : null);
        if (errors.All is not { Count: > 0 } faults) return next(context);
        var first = faults[0];
        return Problem.Of(new Refusal(
            RefusalCode.UnknownParameter, "The query is not valid", $"{first.Field}: {first.Message}")
        { Errors = faults })
            .ExecuteAsync(context);
    });

    /// <summary>What the endpoint takes from the query: texts that are no part of its route.</summary>
    private static string[] Of(RouteEndpoint endpoint) =>
    [
        .. endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(p => p.ParameterInfo.ParameterType == typeof(string) || p.HasTryParse)
            .Where(p => endpoint.RoutePattern.GetParameter(p.Name) is null)
            .Where(p => !p.ParameterInfo.GetCustomAttributes(inherit: false).OfType<IFromHeaderMetadata>().Any())
            .Select(p => p.Name),
    ];
}
