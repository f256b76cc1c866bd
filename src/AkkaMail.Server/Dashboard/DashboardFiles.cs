using Microsoft.Extensions.FileProviders;

namespace AkkaMail.Server.Dashboard;

/// <summary>The dashboard's files, embedded: one binary has them wherever it is started from.</summary>
internal static class DashboardFiles
{
    /// <summary>
    /// A mail's HTML is shown in a sandboxed frame that inherits this policy: it may style itself (mail knows no other
    /// way), but load nothing from outside and run nothing. <c>trusted-types</c>: no text becomes markup in the
    /// dashboard itself, except by the one policy that fills that frame.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types mail";

    public static void UseDashboard(this WebApplication app)
    {
        var files = new EmbeddedFileProvider(typeof(DashboardFiles).Assembly, "dashboard");
        var options = new StaticFileOptions { FileProvider = files, OnPrepareResponse = c => Secure(c.Context) };
        // The way of a message looks for no file.
        app.UseWhen(
            http => !http.Request.Path.StartsWithSegments("/v1"),
            pages => pages.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files }).UseStaticFiles(options));
    }

    private static void Secure(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";   // A message's id is in the address.
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";   // Asked for again, by ETag: after an upgrade the page fits the API.
    }
}
