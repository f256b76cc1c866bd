using AkkaMail.Server.Data;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Composition;

/// <summary>
/// What was set, checked before anything is opened or written: a wrong number of ledgers must not become the data
/// directory's own.
/// </summary>
internal static class Settings
{
    public static void Check(WebApplication app)
    {
        try { app.Services.GetRequiredService<IStartupValidator>().Validate(); }
        catch (InvalidOperationException e) { throw new StartException(e.Message); }   // Not a number, not a time, …
        catch (AggregateException e)
        {
            throw new StartException(string.Join('\n', e.InnerExceptions.Select(i => i.Message)));
        }
        foreach (var url in (app.Configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (!IsHttp(url.Trim()))
                throw new StartException(
                    $"--urls has '{url}', which is no address like http://127.0.0.1:8025 "
                    + "(TLS is for a proxy before it).");
        ShapingSetup.Check(app.Services);
        BouncesSetup.Check(app.Services);
    }

    /// <summary>
    /// Kestrel takes a host it cannot read, as in 127.0.0.1:80x, for a wildcard: it would listen to all the world.
    /// </summary>
    private static bool IsHttp(string url)
    {
        var named = url.Replace("//*", "//any", StringComparison.Ordinal)
            .Replace("//+", "//any", StringComparison.Ordinal);
        return Uri.TryCreate(named, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp;
    }
}
