using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Inbound;

/// <summary>What comes in, put together: the store, and who reads it.</summary>
internal static class InboundServices
{
    public static void AddInbound(this IServiceCollection services)
    {
        services.AddSingleton(p => new InboundStore(p.GetRequiredService<DataDirectory>().Stores.Returned,
            p.GetRequiredService<IOptions<SmtpOptions>>().Value.KeptBytesMax));
        services.AddSingleton(p => new InboundAuthentication(
            p.GetRequiredService<ResolverOptions>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReturnMetrics>();
        services.AddSingleton<ReturnExaminer>();
        services.AddSingleton<Forwarding>();
        services.AddSingleton<ForwardSubmission>();
        services.AddSingleton<LaneFeedback>();
        services.AddSingleton<ReturnActions>();
        services.AddSingleton(p => new LaneComplaints(
            p.GetRequiredService<MessageGenerations>(), p.GetRequiredService<SiteLog>(), p.GetRequiredService<ShapingFile>(),
            p.GetRequiredService<LaneFeedback>));
        services.AddHostedService<InboundRounds>();
        services.AddSingleton<InboundReceiver>();
    }
}
