using System.Net;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using AkkaMail.Server.Suppression;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tls;
using AkkaMail.Storage.Content;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Composition;

/// <summary>From a message to its receiver: look-ups, policies, connections.</summary>
internal static class DeliverySetup
{
    public static void AddDelivery(this IServiceCollection services)
    {
        services.AddSingleton<TlsReports>();
        services.AddSingleton(provider =>
        {
            var delivery = provider.GetRequiredService<IOptions<DeliveryOptions>>().Value;
            return new ResolverOptions
            {
                Guard = delivery.Guard,
                Servers = [.. provider.GetRequiredService<IOptions<DnsOptions>>().Value.ToEndPoints()],
                OwnHosts = [delivery.EhloName ?? Dns.GetHostName()],
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
            var log = provider.GetRequiredService<ILogger<SmtpDelivery>>();
            return new SmtpDelivery(delivery.ToSendingOptions(delivery.EhloName ?? Dns.GetHostName()) with
            {
                ConnectionsMax = provider.GetRequiredService<OpenFiles>().Outward(SendingOptions.Default.ConnectionsMax),
                Identity = provider.GetRequiredService<OutgoingIdentity>(),
                Suppressed = provider.GetRequiredService<Suppressions>().WhyNot,
                Rules = () => bounces.Current,
                Uncomposable = (message, fault) =>
                    log.LogError(fault, "Message {Message} has failed: its content cannot be composed", message),
            },
                provider.GetRequiredService<ContentStore>().Take, provider.GetRequiredService<MxResolver>(),
                provider.GetRequiredService<TimeProvider>(),
                delivery.MtaSts && !delivery.HasRelay ? provider.GetRequiredService<MtaSts>() : null,
                provider.GetRequiredService<TlsReports>());
        });
    }
}
