using System.Security.Cryptography;
using AkkaMail.Server.Composition;

namespace AkkaMail.Server.Api;

/// <summary>One key with all rights, in <c>Authorization: Bearer</c>.</summary>
internal static class AdminAccess
{
    /// <summary>
    /// Everything under <paramref name="path"/> needs the key; a wrong one takes as long as a right one.
    /// </summary>
    public static void UseAdminAccess(this IApplicationBuilder app, string path) => app.Use((context, next) =>
    {
        // Routes are matched without case, so the guard must be: /V1/messages is /v1/messages.
        if (!context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) return next(context);
        var data = context.RequestServices.GetRequiredService<DataDirectory>();
        var given = DataDirectory.HashKey(BearerOf(context.Request));
        // Both always, so that the time tells nothing.
        var isAdmin = CryptographicOperations.FixedTimeEquals(given, data.Installation.AdminKeyHash);
        var isSession = CryptographicOperations.FixedTimeEquals(given, DataDirectory.HashKey(data.SessionKey));
        if (isAdmin | isSession) return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(401, "The key is missing or wrong", "Send it as 'Authorization: Bearer KEY'.")
            .ExecuteAsync(context);
    });

    private static string BearerOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
    }
}
