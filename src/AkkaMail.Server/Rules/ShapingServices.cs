using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Storage.Sites;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Rules;

/// <summary>The shaping file, those who watch it and the sources, and what finds a domain's site by it.</summary>
internal static class ShapingServices
{
    public static void AddShaping(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ShapingFile(
            Of<ShapingOptions>(provider).PathIn(Of<AkkaMailOptions>(provider).DataDirectory),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ShapingFile>>()).ReadAtStart());
        services.AddSingleton<RulesFile>(provider => provider.GetRequiredService<ShapingFile>());
        services.AddHostedService<RulesWatch>();
        services.AddSingleton(provider =>
        {
            var file = provider.GetRequiredService<ShapingFile>();
            return new SourceWatch(() => file.Current, Of<Options.ClusterOptions>(provider).Node,
                SourceWatch.OfThisMachine, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SourceWatch>>());
        });
        services.AddHostedService(provider => provider.GetRequiredService<SourceWatch>());
        services.AddSingleton(provider =>
        {
            var file = provider.GetRequiredService<ShapingFile>();
            return new SiteResolver(provider.GetRequiredService<MxResolver>(), () => file.Current,
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton(provider => new SiteLog(provider.GetRequiredService<DataDirectory>().Stores.Sites));
        services.AddSingleton<SiteLosses>();
        services.AddSingleton(Parts);
    }

    /// <summary>The rules as the engine asks for them; with a relay everything is one site.</summary>
    private static ShapingParts Parts(IServiceProvider provider)
    {
        var file = provider.GetRequiredService<ShapingFile>();
        var watch = provider.GetRequiredService<SourceWatch>();
        var delivery = Of<DeliveryOptions>(provider);
        return new(
            () => file.Current,
            delivery.HasRelay ? (domain, _) => new(ToRelay(domain))
                : provider.GetRequiredService<SiteResolver>().ResolveAsync,
            watch.IsMissing)
        {
            RelayConnections = delivery.RelayConnections,
            NoteSite = delivery.HasRelay ? _ => { }
            : NoteIn(provider.GetRequiredService<SiteLog>(), () => file.Current.Version,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SiteLosses>()),
        };
    }

    private static NoteSite NoteIn(
        SiteLog sites, Func<string> version, TimeProvider time, SiteLosses losses) => answer =>
    {
        var change = new SiteChange(answer.Domain, time.GetUtcNow(), answer.Site, answer.Provider, answer.Reason,
            answer.MxHosts, version());
        sites.Note(change, CancellationToken.None).ContinueWith(
            failed => losses.Lost(answer.Domain, failed.Exception!.InnerException!), CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    };

    private static SiteAnswer ToRelay(string domain) =>
        new(domain, Sites.Relay, null, "AkkaMail:Delivery:Relay", [], DateTimeOffset.MaxValue);

    /// <summary>Before the data directory is made: a server that cannot send as it is told should not start.</summary>
    public static void Check(IServiceProvider provider) => provider.GetRequiredService<SourceWatch>().CheckStart();

    private static T Of<T>(IServiceProvider provider) where T : class =>
        provider.GetRequiredService<IOptions<T>>().Value;
}
