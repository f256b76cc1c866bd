namespace AkkaMail.Server.Http;

/// <summary>A room of the server as the composition sees it: what it needs, and the paths it answers.</summary>
internal interface INoun
{
    static abstract void Add(IServiceCollection services);

    static abstract void Map(IEndpointRouteBuilder app);
}
