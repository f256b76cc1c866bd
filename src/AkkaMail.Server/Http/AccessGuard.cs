using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;

namespace AkkaMail.Server.Http;

internal static class AccessGuard
{
    /// <summary>Everything under <paramref name="path"/> needs a key.</summary>
    public static void UseAccess(this IApplicationBuilder app, string path) => app.Use((context, next) =>
    {
        // Routes are matched without case, so the guard must be: /V1/messages is /v1/messages.
        if (!context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) return next(context);
        // A path that is not there, and a method it has not, are told to whoever has a key, whatever its scopes.
        var endpoint = context.GetEndpoint() as RouteEndpoint;
        Scopes? needed = endpoint is null ? null : endpoint.Metadata.GetMetadata<NeedsScope>()?.Scope ?? Scopes.Admin;
        var isObserved = HttpMethods.IsGet(context.Request.Method)
            && endpoint?.Metadata.GetMetadata<Observed>() is not { How: Observing.Nothing };
        var (caller, refusal) = context.RequestServices.GetRequiredService<Callers>().Admit(
            BearerOf(context.Request), context.Connection.RemoteIpAddress,
            context.Request.Headers[Caller.TenantHeader].ToString(), needed, isObserved);
        if (refusal is not null) return Refuse(context, Problem.Of(refusal));
        context.Features.Set(caller);
        return next(context);
    });

    private static Task Refuse(HttpContext context, Problem problem)
    {
        if (problem.Status == 401) context.Response.Headers.WWWAuthenticate = "Bearer";
        return problem.ExecuteAsync(context);
    }

    private static string BearerOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
    }
}
