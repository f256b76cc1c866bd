using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Audit;

/// <summary>Who changed what.</summary>
internal sealed class AuditNoun : INoun
{
    public static void Add(IServiceCollection services) { }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapAudit();
    }
}
