using System.Data.Common;
using System.Runtime;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Data;
using AkkaMail.Server.Demo;
using AkkaMail.Server.Moving;

if (args is ["move", .. var moving]) return Moves.Run(moving);
if (args is not [("serve" or "demo") and var verb, .. var rest])
{
    if (args is ["--version"])
    {
        Console.WriteLine(typeof(ServerApp).Assembly.GetName().Version?.ToString(3));
        return 0;
    }
    var isAsked = args is ["--help" or "-h" or "help"];
    (isAsked ? Console.Out : Console.Error).WriteLine("""
        usage: AkkaMail.Server serve [--urls http://127.0.0.1:8025]   send mail to the world
               AkkaMail.Server demo  [--urls http://127.0.0.1:8025]   send one to a catcher here, and look at it
               AkkaMail.Server move                                   take a stopped installation from files to PostgreSQL
        --accept-loss FILE[,FILE]: go on without what was in a file that is lost or broken: docs/operating/backup.md
        Settings come from the environment (AkkaMail__DataDirectory=./data, …): docs/reference/settings.md
               AkkaMail.Server --version
        """);
    return isAsked ? 0 : 2;
}

// A full collection that stops everything for 60 ms is a 202 that comes 60 ms late; the background ones suffice.
GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;

if (verb == "demo") SocketCompletions.ToThePool();   // The catcher has sockets before anybody knows where the stores are.
await using var catcher = verb == "demo" ? await Catcher.Start(TimeProvider.System) : null;
WebApplication? app = null;
try
{
    app = ServerApp.Build(rest, catcher);
    Settings.CheckPlaces(app);
    Greeting.SayNewKey(app);
    Greeting.SayLosses(app);
    Greeting.SayKeyRing(app);
    Greeting.SayOpenPort(app);
    Greeting.SayBounds(app);
    await app.StartAsync();
    app.Services.GetRequiredService<DataDirectory>().NoteRound();
    await Greeting.Say(app);
    if (verb == "demo") await Demo.Run(app);
    await app.WaitForShutdownAsync();
    return Environment.ExitCode;
}
catch (OperationCanceledException) when (app?.Lifetime.ApplicationStopping.IsCancellationRequested == true)
{
    return Environment.ExitCode;   // It was told to stop before it had started.
}
catch (Exception e) when (Innermost(e)
    is StartException or IOException or InvalidDataException or StoreException or DbException)
{
    e = Innermost(e);

    Console.Error.WriteLine(e.Message);   // Now: half a cluster takes its time to go down again.
    return 1;
}
finally
{
    if (app is not null) await app.DisposeAsync();
}

static Exception Innermost(Exception e) =>
    e is StartException or StoreException || e.InnerException is null ? e : Innermost(e.InnerException);
