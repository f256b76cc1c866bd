using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Engine;
using AkkaMail.Server.Api.Operating;

namespace AkkaMail.Server.Composition;

/// <summary>What a person sees first: the key when it is new, where to look, and when it is ready.</summary>
internal static class Greeting
{
    public static async Task Say(WebApplication app)
    {
        var data = app.Services.GetRequiredService<DataDirectory>();
        if (data.NewAdminKey is { } key)
            Console.WriteLine($"Admin key (shown once, keep it): {key}");
        var waker = app.Services.GetRequiredService<ActorRegistry>().Get<Waker>();
        while (!await Health.IsReady(waker, app.Lifetime.ApplicationStopping)) await Task.Delay(25);
        var took = DateTime.SpecifyKind(Process.GetCurrentProcess().StartTime, DateTimeKind.Local);
        var since = TimeProvider.System.GetLocalNow() - took;
        Console.WriteLine($"AkkaMail is ready on {Url(app)} after {since.TotalSeconds:0.0} s, data in {data.Path}");
    }

    public static string Url(WebApplication app) => app.Urls.First().TrimEnd('/');
}
