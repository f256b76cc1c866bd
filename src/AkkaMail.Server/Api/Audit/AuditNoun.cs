using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Audit;

/// <summary>Who changed what.</summary>
internal sealed class AuditNoun : INoun
{
    public static (string Name, string Says) Tag => ("Audit",
        "Who changed what, and when.");

    public static void Add(IServiceCollection services) { }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapAudit();
    }
}
