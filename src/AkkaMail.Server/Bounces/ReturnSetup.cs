using AkkaMail.Server.Composition;
using AkkaMail.Server.Options;
using AkkaMail.Server.Receiving;
using AkkaMail.Server.Submission;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Storage.Bounces;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Bounces;

/// <summary>What comes in, put together: the listener, the store, and who reads it.</summary>
internal static class ReturnSetup
{
    public static void AddReturns(this IServiceCollection services)
    {
        services.AddSingleton(p => new ReturnedStore(p.GetRequiredService<DataDirectory>().ReturnedFile,
            p.GetRequiredService<IOptions<SmtpOptions>>().Value.KeptBytesMax));
        services.AddSingleton(p => new InboundAuthentication(
            p.GetRequiredService<ResolverOptions>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReturnMetrics>();
        services.AddSingleton<ReturnExaminer>();
        services.AddSingleton<Forwarding>();
        services.AddSingleton<ForwardSubmission>();
        services.AddSingleton<ReturnActions>();
        services.AddHostedService<ReturnedRounds>();
        services.AddSingleton<ReturnDesk>();
        services.AddSingleton<SubmissionMetrics>();
        services.AddSingleton<RelayedMails>();
        services.AddSingleton<SubmissionDesk>();
        services.AddSingleton<ReceiverMetrics>();
    }
}
