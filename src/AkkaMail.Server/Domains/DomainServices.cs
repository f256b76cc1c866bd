using AkkaMail.Engine.Domains;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Server.Suppression;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Domains;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Domains;

/// <summary>Domains put together: secrets, look-ups, who signs and who may send.</summary>
internal static class DomainServices
{
    /// <summary>Domains looked up at once by requests; each is about a dozen questions.</summary>
    private const int LookUpsMax = 16;

    /// <summary>As the data protection would give it; the next ones it makes by itself, two days before that.</summary>
    private static readonly TimeSpan FirstKeyLives = TimeSpan.FromDays(90);

    /// <summary>Part of the encryption: the same wherever the server is unpacked.</summary>
    private const string ApplicationName = "AkkaMail";

    public static void AddDomains(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddSingleton(p => new SecretKey(p.GetRequiredService<IOptions<StorageOptions>>().Value.SecretKeyText));
        services.AddOptions<KeyManagementOptions>().Configure<DataDirectory, SecretKey, ILoggerFactory>(
            (ring, data, key, log) =>
            {
                var secret = key.Text;
                if (secret is not null) ring.XmlEncryptor = new SecretKeyEncryptor(secret);
                if (data.Stores is not PostgresStores { Server: var server })
                {
                    ring.XmlRepository = new FileSystemXmlRepository(new(data.KeyRing), log);
                    return;
                }
                var table = new KeyRingTable(server);
                if (secret is not null) table.WrapAll(secret);
                ring.XmlRepository = table;
            });
        services.AddSingleton(p => new SecretStore(p.GetRequiredService<DataDirectory>().Stores.Secrets));
        services.AddSingleton<DomainSecrets>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<DomainFacts>();
        services.AddSingleton(p => new DomainIdentity(
            p.GetRequiredService<AccountsView>(), p.GetRequiredService<SigningKeys>(),
            p.GetRequiredService<DomainSecrets>(),
            p.GetRequiredService<IOptions<AkkaMailOptions>>().Value.PublicUrl,
            p.GetRequiredService<IOptions<SmtpOptions>>().Value));
        services.AddSingleton(p => p.GetRequiredService<DomainIdentity>().ToIdentity());
        services.AddSingleton(p => new SpfSources(p.GetRequiredService<ResolverOptions>()));
        services.AddSingleton(p => new DomainLookups(
            p.GetRequiredService<ResolverOptions>(), p.GetRequiredService<SpfSources>().AskAsync));
        services.AddSingleton(p => LookUp(p.GetRequiredService<DomainLookups>(), p.GetRequiredService<DomainFacts>()));
        services.AddSingleton(p => new DomainParts(p.GetRequiredService<LookUpDomain>(),
            p.GetRequiredService<IOptions<DomainsOptions>>().Value.CheckEvery));
        services.AddSingleton<Unsubscribe>(p => p.GetRequiredService<Suppressions>().Unsubscribe);
        services.AddSingleton(p => new ReportStore(p.GetRequiredService<DataDirectory>().Stores.Reports));
        services.AddSingleton(p => new DomainReports(p.GetRequiredService<ReportStore>(),
            () => p.GetRequiredService<AccountsView>().Current?.Domains, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DomainReadiness>();
        services.AddSingleton<WrongTokens>();
    }

    /// <summary>
    /// Before ASP.NET reads the key ring: of each key that it cannot open it says so in the log, and makes one more.
    /// </summary>
    public static void Check(IServiceProvider services)
    {
        var (data, key) = (services.GetRequiredService<DataDirectory>(), services.GetRequiredService<SecretKey>().Text);
        var (ring, where) = data.Stores is PostgresStores { Server: var server }
            ? (new KeyRingTable(server).GetAllElements(), server.Where) : (data.KeyRingElements(), data.KeyRing);
        if (KeyRingWrapping.ProblemOf(ring, key, where) is { } problem) throw new StartException(problem);
        if (data.Stores is PostgresStores { Server: var shared })
            new KeyRingTable(shared).MakeFirst(() => services.GetRequiredService<IKeyManager>()
                .CreateNewKey(services.GetRequiredService<TimeProvider>().GetUtcNow(),
                    services.GetRequiredService<TimeProvider>().GetUtcNow() + FirstKeyLives));
    }

    private static LookUpDomain LookUp(DomainLookups dns, DomainFacts facts)
    {
        var places = new SemaphoreSlim(LookUpsMax);
        return async (domain, cancel) =>
        {
            await places.WaitAsync(cancel);
            try { return await dns.CheckAsync(domain, facts.Current); }
            finally { places.Release(); }
        };
    }
}
