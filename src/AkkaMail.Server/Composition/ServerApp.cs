using System.Net;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Projecting;
using AkkaMail.Server.Api.Alerts;
using AkkaMail.Server.Api.Audit;
using AkkaMail.Server.Api.Bounces;
using AkkaMail.Server.Api.Cluster;
using AkkaMail.Server.Api.Domains;
using AkkaMail.Server.Api.Engagement;
using AkkaMail.Server.Api.History;
using AkkaMail.Server.Api.Hygiene;
using AkkaMail.Server.Api.Lanes;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Api.Operating;
using AkkaMail.Server.Api.Shaping;
using AkkaMail.Server.Api.Suppression;
using AkkaMail.Server.Api.Tenants;
using AkkaMail.Server.Cluster;
using AkkaMail.Server.Dashboard;
using AkkaMail.Server.Data;
using AkkaMail.Server.Demo;
using AkkaMail.Server.Description;
using AkkaMail.Server.Http;
using AkkaMail.Server.Http.Masking;
using AkkaMail.Server.Options;
using AkkaMail.Server.SmtpIn;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Storage.Postgres;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace AkkaMail.Server.Composition;

/// <summary>Everything put together: options, stores, engine, delivery, API.</summary>
internal static class ServerApp
{
    private const string DefaultUrl = "http://127.0.0.1:8025";

    /// <summary>What there is, in no order that matters.</summary>
    private static readonly Noun[] Nouns =
    [
        Of<MessagesNoun>(), Of<TenantsNoun>(), Of<DomainsNoun>(), Of<SuppressionNoun>(), Of<BouncesNoun>(),
        Of<ShapingNoun>(), Of<LanesNoun>(), Of<AlertsNoun>(), Of<HygieneNoun>(), Of<EngagementNoun>(), Of<AuditNoun>(),
        Of<HistoryNoun>(), Of<ClusterNoun>(), Of<OperatingNoun>(),
    ];

    private sealed record Noun(
        (string Name, string Says) Tag, Action<IServiceCollection> Add, Action<IEndpointRouteBuilder> Map);

    private static Noun Of<T>() where T : INoun => new(T.Tag, T.Add, T.Map);

    public static WebApplication Build(string[] args, Catcher? catcher)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        if (catcher is not null)
            builder.Configuration.AddInMemoryCollection([new($"{DeliveryOptions.Section}:Relay", catcher.Address)]);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Akka", LogLevel.Warning)
            .AddFilter("OpenTelemetry", LogLevel.Warning)
            // Of what stands around a log line only the request's id is for people; these two say the path and spans.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.None)
            .AddSimpleConsole(console => console.IncludeScopes = true)
            // It warns that the key ring is in clear: it lies in a directory that only we can read.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls(DefaultUrl);

        var services = builder.Services;
        Settings.AddTo(services, builder.Configuration, args);
        if (builder.Configuration[$"{StorageOptions.Section}:Provider"] == StorageOptions.Postgres) SocketCompletions.ToThePool();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AkkaMailOptions>>().Value;
            var storage = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
            if (catcher is not null && storage.IsPostgres)
                throw new StartException($"{StorageOptions.Section}:Provider is {StorageOptions.Postgres}, and a demo keeps its "
                    + "mail in files: another node on that database would send it to the world.");
            if (storage.IsPostgres)
                return DataDirectory.Open(
                    options.DataDirectory, options.Ledgers, options.AdminKey, new PostgresServer(storage.ConnectionText));
            return DataDirectory.Open(options.DataDirectory, options.Ledgers, options.AdminKey,
                (builder.Configuration["accept-loss"] ?? "").Split(',',
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        });
        services.AddSingleton(TimeProvider.System);
        if (catcher is not null) services.AddSingleton(catcher);
        services.AddDelivery();
        services.AddSingleton<EngineMetrics>();
        services.AddSingleton<Builds>();
        services.AddSingleton<Duty>();
        // What runs by itself starts in this order and stops in the other: all ask the engine, and the SMTP door opens
        // when everything behind it is there.
        services.AddSingleton<LocalLedgers>();
        services.AddSingleton<ClusterStanding>();
        services.AddSingleton<ClusterGate>();
        services.AddHostedService(p => p.GetRequiredService<ClusterGate>());
        services.AddEngine();
        foreach (var noun in Nouns) noun.Add(services);
        services.AddSmtpIn();
        services.AddOpenTelemetry().WithMetrics(m => m.AddMeter(EngineMetrics.MeterName).AddPrometheusExporter());
        services.AddApiDescription(Nouns.Select(n => n.Tag));
        services.ConfigureHttpJsonOptions(json =>   // By these the description is made, and nothing else.
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        services.AddOptions<HostOptions>().Configure<IServiceProvider>((host, provider) =>
            host.ShutdownTimeout = EngineSetup.DrainTime(provider) + EngineSetup.EndTime
                + (provider.GetRequiredService<IOptions<Options.ClusterOptions>>().Value.LastCalls ?? TimeSpan.Zero));
        services.AddSingleton(OpenFiles.OfThisProcess());
        services.AddSingleton(p => new MailMemory(p.GetRequiredService<IOptions<AkkaMailOptions>>().Value.BytesInFlight));
        services.AddSingleton(p =>
        {
            var options = p.GetRequiredService<IOptions<AkkaMailOptions>>().Value;
            var max = p.GetRequiredService<OpenFiles>().Inward(options.Connections);
            // However few there are, no client has them all.
            return new HttpConnections(max, Math.Min(options.ConnectionsPerClient, Math.Max(1, max / 2)), options.ProxyNetworks);
        });
        BoundedTransport.AddTo(services, p => p.GetRequiredService<OpenFiles>().Inward(
            p.GetRequiredService<IOptions<AkkaMailOptions>>().Value.Connections));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var connections = kestrel.ApplicationServices.GetRequiredService<HttpConnections>();
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(connections.Bound));
            kestrel.AddServerHeader = false;
            // Read by hand up to our own bound, so that the answer is a problem and not a closed connection.
            kestrel.Limits.MaxRequestBodySize = null;
            // A connection that nobody uses is a place that nobody has: clients open another.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        });

        // Until it runs, what ends the start goes to the caller as an exception, who says it in one line: the host
        // would print it first, with a stack. Critical is a background service that ended, which is told nowhere else.
        var runs = false;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", level =>
            level == LogLevel.Critical || runs && level >= LogLevel.Warning);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => runs = true);
        Map(app, catcher is not null);
        return app;
    }

    private static void Map(WebApplication app, bool hasCatcher)
    {
        app.UseTrustedProxies();
        app.UseRequestIds();
        app.UseFaults();
        app.UseRefusals();
        app.Use(HeadAnswers.Answer);
        app.UseRouting();   // So that the guard knows what an endpoint needs.
        app.UseAccess("/v1");
        app.UseMaskedAnswers();
        app.UseKnownHeaders("/v1");
        app.UseKnownParameters("/v1", "/health", "/metrics");
        app.UseDashboard();
        foreach (var noun in Nouns) noun.Map(app.MapGroup("").WithTags(noun.Tag.Name));
        if (hasCatcher) app.MapGroup("").WithTags(OperatingNoun.Tag.Name).MapCaughtMails();
        app.MapDocs();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi/{documentName}.json").AddEndpointFilter((call, next) =>
            call.HttpContext.GetRouteValue("documentName") is "v1" ? next(call) : new(RefusalAnswers.NoPath));
    }
}
