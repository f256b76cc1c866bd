using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Storage.Inbound;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Inbound;

/// <summary>What comes in, put together: the store, and who reads it.</summary>
internal static class InboundServices
{
    public static void AddInbound(this IServiceCollection services)
    {
        services.AddSingleton(p => new InboundStore(p.GetRequiredService<DataDirectory>().ReturnedFile,
            p.GetRequiredService<IOptions<SmtpOptions>>().Value.KeptBytesMax));
        services.AddSingleton(p => new InboundAuthentication(
            p.GetRequiredService<ResolverOptions>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReturnMetrics>();
        services.AddSingleton<ReturnExaminer>();
        services.AddSingleton<Forwarding>();
        services.AddSingleton<ForwardSubmission>();
        services.AddSingleton<LaneFeedback>();
        services.AddSingleton<ReturnActions>();
        services.AddHostedService<InboundRounds>();
        services.AddSingleton<InboundReceiver>();
    }
}
