using System.Diagnostics;
using System.Net;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Server.Upkeep;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Demo;

/// <summary>What a person sees first: the key when it is new, where to look, and when it is ready.</summary>
internal static class Greeting
{
    /// <summary>
    /// Before the start: its hash is stored by now, and a start that fails would leave a key nobody knows.
    /// </summary>
    public static void SayNewKey(WebApplication app)
    {
        if (app.Services.GetRequiredService<DataDirectory>().NewAdminKey is { } key)
            Console.WriteLine($"Admin key (shown once, keep it): {key}");
    }

    /// <summary>What the data directory lacks, one line each: somebody has to know, also if nothing stops.</summary>
    public static void SayLosses(WebApplication app)
    {
        var data = app.Services.GetRequiredService<DataDirectory>();
        foreach (var name in data.MadeAgain)
            app.Logger.LogWarning(
                "{File} did not fit the journal and is made again; what was there is {File}.broken", name, name);
        foreach (var name in data.Lost)
            app.Logger.LogWarning("{File} is lost, as --accept-loss says: {Without}", name,
                DataFiles.All.Single(f => f.Name == name).Without);
    }

    /// <summary>A dump that opens the secrets is nobody's intention.</summary>
    public static void SayKeyRing(WebApplication app)
    {
        if (app.Services.GetRequiredService<DataDirectory>().Stores is PostgresStores
            && app.Services.GetRequiredService<SecretKey>().Text is null)
            app.Logger.LogWarning("AkkaMail:Storage:SecretKey is not set: who has a dump of the database has the domains' "
                + "private keys");
    }

    /// <summary>Who speaks at that port is believed.</summary>
    public static void SayOpenPort(WebApplication app)
    {
        var cluster = app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        var isKnown = cluster.Tls && app.Services.GetRequiredService<DataDirectory>().Stores is PostgresStores;
        if (!isKnown && !IPAddress.IsLoopback(IPAddress.Parse(cluster.ListenAddress)))
            app.Logger.LogWarning("{Address} is open for fellow nodes without TLS: whoever reaches that port is taken for one",
                cluster.ListenAddress);
    }

    /// <summary>When the system gives less than the settings want, nobody should have to guess why.</summary>
    public static void SayBounds(WebApplication app)
    {
        var files = app.Services.GetRequiredService<OpenFiles>();
        var (http, smtp) = (app.Services.GetRequiredService<IOptions<AkkaMailOptions>>().Value.Connections,
            app.Services.GetRequiredService<IOptions<SmtpOptions>>().Value.Connections);
        if (files.Inward(http) < http || files.Inward(smtp) < smtp)
            app.Logger.LogWarning("This process may open {Files} files: HTTP takes {Http} connections, SMTP {Smtp}. "
                + "Raise 'ulimit -n', or LimitNOFILE of the unit", files.Limit, files.Inward(http), files.Inward(smtp));
    }

    public static async Task Say(WebApplication app)
    {
        var data = app.Services.GetRequiredService<DataDirectory>();
        var engine = app.Services.GetRequiredService<ServerHealth>();
        while ((await engine.Ask(app.Lifetime.ApplicationStopping)).Count > 0) await Task.Delay(25);
        var took = DateTime.SpecifyKind(Process.GetCurrentProcess().StartTime, DateTimeKind.Local);
        var since = TimeProvider.System.GetLocalNow() - took;
        Console.WriteLine(
            $"AkkaMail is ready on {PublicUrl(app)} after {since.TotalSeconds:0.0} s, data in "
            + $"{(data.Stores is PostgresStores { Server: var server } ? server.Where : data.Path)}");
    }

    /// <summary>Where this machine reaches it.</summary>
    public static string Url(WebApplication app) => app.Urls.First().TrimEnd('/');

    /// <summary>Where the reader reaches it, perhaps through a proxy.</summary>
    public static string PublicUrl(WebApplication app) =>
        app.Services.GetRequiredService<IOptions<AkkaMailOptions>>().Value.PublicUrl?.TrimEnd('/') ?? Url(app);
}
