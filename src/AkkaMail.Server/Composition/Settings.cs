using System.Net;
using AkkaMail.Server.Data;
using AkkaMail.Server.Domains;
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
        Add<EngagementOptions>(EngagementOptions.Section);
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
        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        Ports.Check(
        [
            .. (app.Configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => url.Trim())
                .Select(url => new Listening($"--urls ({url})", Ports.Of(new(Named(url))), IsHttp: true)),
            .. smtp.EndPoints.Select(point => new Listening($"{SmtpOptions.Section}:Listen ({point})", point)),
            .. smtp.TlsEndPoints.Select(point => new Listening($"{SmtpOptions.Section}:ListenTls ({point})", point)),
            new Listening($"{ClusterOptions.Section}:Port ({cluster.Port})",
                new(IPAddress.Parse(cluster.ListenAddress), cluster.Port)),
        ]);
        if (cluster.Seeds is not null && !services.GetRequiredService<IOptions<StorageOptions>>().Value.IsPostgres)
            throw new StartException($"{ClusterOptions.Section}:Seeds is set, but there is one node: files have one owner. "
                + "Several need a database: AkkaMail:Storage:Provider.");
        CheckFile($"{ShapingOptions.Section}:File", services.GetRequiredService<IOptions<ShapingOptions>>().Value.File);
        CheckFile($"{BouncesOptions.Section}:Rules", services.GetRequiredService<IOptions<BouncesOptions>>().Value.Rules);
        services.GetRequiredService<Extensions>();
        ShapingServices.Check(services);
        BouncesServices.Check(services);
        DomainServices.Check(services);
    }

    /// <summary>Who names a file means one: with what is shipped mail would go out by other rules.</summary>
    private static void CheckFile(string name, string? path)
    {
        if (string.IsNullOrWhiteSpace(path) || File.Exists(path)) return;
        throw new StartException($"{name} ({path}) is {(Directory.Exists(path) ? "a directory and no file" : "not there")}.");
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
    /// Kestrel takes a host it cannot read, as in 127.0.0.1:80x, and any name but localhost for a wildcard: it would
    /// listen to all the world.
    /// </summary>
    private static bool IsHttp(string url) =>
        Uri.TryCreate(Named(url), UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp
        && uri.PathAndQuery == "/" && uri.UserInfo.Length + uri.Fragment.Length == 0
        && (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || uri.Host == "localhost");

    private static string Named(string url) => url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal)
        .Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
}
