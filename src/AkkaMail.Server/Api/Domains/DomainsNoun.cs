using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Domains;

/// <summary>Sending domains: records, keys, reports.</summary>
internal sealed class DomainsNoun : INoun
{
    public static (string Name, string Says) Tag => ("Domains",
        "What a tenant sends from: DNS records, DKIM keys, readiness, and what receivers report.");

    public static void Add(IServiceCollection services)
    {
        services.AddDomains();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapDomains();
        app.MapReadiness();
        app.MapUploadReports();
        app.MapDmarcFigures();
        app.MapTlsFigures();
        app.MapUnsubscribe();
    }
}
