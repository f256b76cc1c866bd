using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Composition;

/// <summary>The bounce rules, and who looks whether they changed.</summary>
internal static class BouncesSetup
{
    public static void AddBounces(this IServiceCollection services)
    {
        services.AddSingleton(provider => new BouncesFile(
            provider.GetRequiredService<IOptions<BouncesOptions>>().Value
                .PathIn(provider.GetRequiredService<IOptions<AkkaMailOptions>>().Value.DataDirectory),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BouncesFile>>()).ReadAtStart());
        services.AddSingleton<RulesFile>(provider => provider.GetRequiredService<BouncesFile>());
    }

    /// <summary>Before the data directory is made: a faulty file ends the start.</summary>
    public static void Check(IServiceProvider provider) => provider.GetRequiredService<BouncesFile>();
}
