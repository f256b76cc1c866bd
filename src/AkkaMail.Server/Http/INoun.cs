namespace AkkaMail.Server.Http;

/// <summary>A room of the server as the composition sees it: what it needs, and the paths it answers.</summary>
internal interface INoun
{
    /// <summary>Its part of the description of the API, and what that is about in a sentence. Two may share a part.</summary>
    static abstract (string Name, string Says) Tag { get; }

    static abstract void Add(IServiceCollection services);

    static abstract void Map(IEndpointRouteBuilder app);
}
