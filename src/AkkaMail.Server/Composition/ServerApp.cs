using System.Net;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Api.Alerts;
using AkkaMail.Server.Api.Bounces;
using AkkaMail.Server.Api.Domains;
using AkkaMail.Server.Api.Engagement;
using AkkaMail.Server.Api.Hygiene;
using AkkaMail.Server.Api.Lanes;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Api.Operating;
using AkkaMail.Server.Api.Shaping;
using AkkaMail.Server.Api.Suppression;
using AkkaMail.Server.Api.Tenants;
using AkkaMail.Server.Dashboard;
using AkkaMail.Server.Data;
using AkkaMail.Server.Demo;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;
using AkkaMail.Server.Hygiene;
using AkkaMail.Server.Inbound;
using AkkaMail.Server.Options;
using AkkaMail.Server.Reputation;
using AkkaMail.Server.Rules;
using AkkaMail.Server.SmtpIn;
using AkkaMail.Server.Suppression;
using AkkaMail.Server.Upkeep;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tls;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Suppression;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace AkkaMail.Server.Composition;

/// <summary>Everything put together: options, stores, engine, delivery, API.</summary>
internal static class ServerApp
{
    private const string DefaultUrl = "http://127.0.0.1:8025";

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
            // It warns that the key ring is in clear: it lies in a directory that only we can read.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls(DefaultUrl);

        var services = builder.Services;
        AddOptions(services);
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AkkaMailOptions>>().Value;
            return DataDirectory.Open(options.DataDirectory, options.Ledgers, options.AdminKey);
        });
        services.AddSingleton(TimeProvider.System);
        if (catcher is not null) services.AddSingleton(catcher);
        AddStores(services);
        services.AddShaping();
        services.AddBounces();
        services.AddDomains();
        services.AddReturns();
        AddDelivery(services);
        services.AddSingleton<EngineMetrics>();
        services.AddSingleton<AccountsView>();
        services.AddQuotas();
        services.AddKeyActivity();
        services.AddSingleton<FailedKeys>();
        services.AddSingleton<Callers>();
        services.AddEngine();
        // Behind the engine: it opens after it and closes before, so no mail is taken by half.
        services.AddHostedService<SmtpIn.SmtpListener>();
        services.AddSingleton<Reputations>();
        services.AddHostedService(provider => provider.GetRequiredService<Reputations>());
        services.AddHostedService<Retention>();
        services.AddHostedService<Checkpointer>();
        services.AddOpenTelemetry().WithMetrics(m => m.AddMeter(EngineMetrics.MeterName).AddPrometheusExporter());
        services.AddOpenApi("v1");
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy =
            System.Text.Json.JsonNamingPolicy.SnakeCaseLower);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Read by hand up to our own bound, so that the answer is a problem and not a closed connection.
            kestrel.Limits.MaxRequestBodySize = null;
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
        app.UseFaults();
        app.UseRefusals();
        app.UseRouting();   // So that the guard knows what an endpoint needs.
        app.UseAccess("/v1");
        app.UseDashboard();
        app.MapSend();
        app.MapGetMessage();
        app.MapListMessages();
        app.MapCancel();
        app.MapOperating();
        app.MapShaping();
        app.MapExplainSite();
        app.MapSiteHistory();
        app.MapLanes();
        app.MapLaneHistory();
        app.MapLaneOrders();
        app.MapTlsReports();
        app.MapAlerts();
        app.MapReputation();
        app.MapTenants();
        app.MapKeys();
        app.MapAudit();
        app.MapStreams();
        app.MapUsage();
        app.MapSuppressions();
        app.MapUndoSuppressions();
        app.MapSuppressionLists();
        app.MapHygiene();
        app.MapUnengaged();
        app.MapEngagement();
        app.MapDomains();
        app.MapReadiness();
        app.MapUploadReports();
        app.MapDmarcFigures();
        app.MapTlsFigures();
        app.MapUnsubscribe();
        app.MapParseBounce();
        app.MapClassifyReplies();
        app.MapReturned();
        app.MapComplaints();
        app.MapHealth();
        if (hasCatcher) app.MapCaughtMails();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi/{documentName}.json");
    }

    private static void AddOptions(IServiceCollection services)
    {
        Add<AkkaMailOptions>(services, AkkaMailOptions.Section);
        Add<StorageOptions>(services, StorageOptions.Section);
        Add<DeliveryOptions>(services, DeliveryOptions.Section);
        Add<RetryOptions>(services, RetryOptions.Section);
        Add<RetentionOptions>(services, RetentionOptions.Section);
        Add<ShapingOptions>(services, ShapingOptions.Section);
        Add<BouncesOptions>(services, BouncesOptions.Section);
        Add<DomainsOptions>(services, DomainsOptions.Section);
        Add<SmtpOptions>(services, SmtpOptions.Section);
        Add<DnsOptions>(services, DnsOptions.Section);
        Add<ClusterOptions>(services, ClusterOptions.Section);
    }

    private static void Add<T>(IServiceCollection services, string section) where T : class =>
        services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    private static void AddStores(IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AkkaMailOptions>>().Value;
            var retention = provider.GetRequiredService<IOptions<RetentionOptions>>().Value;
            return new ContentStore(provider.GetRequiredService<DataDirectory>().ContentFile, new()
            {
                CacheBytesMax = options.ContentCacheBytes,
                BatchMax = options.GroupCommit,
                EnvelopeKeptLonger = retention.Envelopes - retention.Content,
            });
        });
        services.AddSingleton(provider => new ReadModel(provider.GetRequiredService<DataDirectory>().ReadFile));
        services.AddSingleton(
            provider => new SuppressionStore(provider.GetRequiredService<DataDirectory>().SuppressionsFile));
        services.AddSingleton(
            provider => new EngagementStore(provider.GetRequiredService<DataDirectory>().EngagementFile));
        services.AddSingleton<SuppressionFollower>();
        services.AddSingleton<Suppressions>();
        services.AddSingleton<SuppressionImports>();
        services.AddSingleton<HygieneChecks>();
    }

    private static void AddDelivery(IServiceCollection services)
    {
        services.AddSingleton<TlsReports>();
        services.AddSingleton(provider =>
        {
            var ehlo = provider.GetRequiredService<IOptions<DeliveryOptions>>().Value.EhloName ?? Dns.GetHostName();
            return new ResolverOptions
            {
                Servers = [.. provider.GetRequiredService<IOptions<DnsOptions>>().Value.ToEndPoints()],
                OwnHosts = [ehlo],
            };
        });
        services.AddSingleton(provider => new MxResolver(provider.GetRequiredService<ResolverOptions>(),
            provider.GetRequiredService<TimeProvider>(), Random.Shared.Next));
        services.AddSingleton(provider => new HttpsPolicies(provider.GetRequiredService<MxResolver>()));
        services.AddSingleton(provider => new MtaSts(provider.GetRequiredService<ResolverOptions>(),
            provider.GetRequiredService<HttpsPolicies>().FetchAsync, provider.GetRequiredService<TlsReports>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
        {
            var delivery = provider.GetRequiredService<IOptions<DeliveryOptions>>().Value;
            var bounces = provider.GetRequiredService<BouncesFile>();
            return new SmtpDelivery(delivery.ToSendingOptions(delivery.EhloName ?? Dns.GetHostName()) with
            {
                Identity = provider.GetRequiredService<OutgoingIdentity>(),
                Suppressed = provider.GetRequiredService<Suppressions>().WhyNot,
                Rules = () => bounces.Current,
            },
                provider.GetRequiredService<ContentStore>().Take, provider.GetRequiredService<MxResolver>(),
                provider.GetRequiredService<TimeProvider>(),
                delivery.MtaSts && !delivery.HasRelay ? provider.GetRequiredService<MtaSts>() : null,
                provider.GetRequiredService<TlsReports>());
        });
    }
}
