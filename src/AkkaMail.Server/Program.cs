using System.Runtime;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Data;
using AkkaMail.Server.Demo;
using Microsoft.Extensions.Options;

if (args is not [("serve" or "demo") and var verb, .. var rest])
{
    Console.Error.WriteLine("""
        usage: AkkaMail.Server serve [--urls http://127.0.0.1:8025]   send mail to the world
               AkkaMail.Server demo  [--urls http://127.0.0.1:8025]   send one to a catcher here, and look at it
        --accept-loss FILE[,FILE]: go on without what was in a file that is lost or broken: docs/operating/backup.md
        Settings come from the environment (AkkaMail__DataDirectory=./data, …): docs/reference/settings.md
        """);
    return 2;
}

// A full collection that stops everything for 60 ms is a 202 that comes 60 ms late; the background ones suffice.
GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;

await using var catcher = verb == "demo" ? await Catcher.Start(TimeProvider.System) : null;
await using var app = ServerApp.Build(rest, catcher);
try
{
    Settings.Check(app);
    Greeting.SayNewKey(app);
    Greeting.SayLosses(app);
    await app.StartAsync();
    app.Services.GetRequiredService<DataDirectory>().NoteFiles();
    await Greeting.Say(app);
    if (verb == "demo") await Demo.Run(app);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is StartException or OptionsValidationException or IOException)
{
    Console.Error.WriteLine(e.Message);   // Now: half a cluster takes its time to go down again.
    return 1;
}
