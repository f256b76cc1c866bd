using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Composition;

/// <summary>
/// What was set, read and checked before anything is opened or written: a wrong number of ledgers must not become the
/// data directory's own.
/// </summary>
internal static class Settings
{
    /// <summary>Options of the command line that are no settings of ours, each with a value.</summary>
    private static readonly string[] Others = ["urls", "accept-loss"];

    /// <summary>Everything the operator has said, or a <see cref="StartException"/> with a line for each fault.</summary>
    public static void AddTo(IServiceCollection services, IConfiguration configuration, string[] args)
    {
        var reader = new SettingsReader(configuration);
        Add<AkkaMailOptions>(AkkaMailOptions.Section);
        Add<StorageOptions>(StorageOptions.Section);
        Add<DeliveryOptions>(DeliveryOptions.Section);
        Add<RetryOptions>(RetryOptions.Section);
        Add<RetentionOptions>(RetentionOptions.Section);
        Add<ShapingOptions>(ShapingOptions.Section);
        Add<BouncesOptions>(BouncesOptions.Section);
        Add<DomainsOptions>(DomainsOptions.Section);
        Add<SmtpOptions>(SmtpOptions.Section);
        Add<DnsOptions>(DnsOptions.Section);
        Add<ClusterOptions>(ClusterOptions.Section);
        reader.FindUnknown();
        var faults = reader.Faults.Concat(UnknownArguments(args)).Concat(NoAddresses(configuration["urls"])).ToList();
        if (faults.Count > 0) throw new StartException(string.Join('\n', faults));

        void Add<T>(string section) where T : class, new() =>
            services.AddSingleton(Microsoft.Extensions.Options.Options.Create(reader.Read<T>(section)));
    }

    /// <summary>The files and ports that settings name, before the engine starts.</summary>
    public static void CheckPlaces(WebApplication app)
    {
        var services = app.Services;
        var smtp = services.GetRequiredService<IOptions<SmtpOptions>>().Value;
        foreach (var url in (app.Configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            Ports.Check(url, Ports.Of(new(Named(url.Trim()))));
        foreach (var point in smtp.EndPoints) Ports.Check($"Smtp:Listen ({point})", point);
        foreach (var point in smtp.TlsEndPoints) Ports.Check($"Smtp:ListenTls ({point})", point);
        ShapingServices.Check(services);
        BouncesServices.Check(services);
    }

    private static IEnumerable<string> UnknownArguments(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !IsKnown(name[2..]))
                yield return $"{name} is not an option: there are --urls, --accept-loss and --AkkaMail:… as in docs/reference/settings.md.";
            else if (args[i] == name && ++i == args.Length)
                yield return $"{name} has no value.";
        }
    }

    /// <summary>Ours have been looked at by name already.</summary>
    private static bool IsKnown(string name) => Others.Contains(name, StringComparer.OrdinalIgnoreCase)
        || name.StartsWith("AkkaMail:", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> NoAddresses(string? urls) =>
        (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Where(url => !IsHttp(url.Trim())).Select(url =>
            $"--urls has '{url}', which is not an address like http://127.0.0.1:8025 (TLS is for a proxy before it).");

    /// <summary>
    /// Kestrel takes a host it cannot read, as in 127.0.0.1:80x, for a wildcard: it would listen to all the world.
    /// </summary>
    private static bool IsHttp(string url) =>
        Uri.TryCreate(Named(url), UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp;

    private static string Named(string url) => url.Replace("//*", "//any", StringComparison.Ordinal)
        .Replace("//+", "//any", StringComparison.Ordinal);
}
