using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Alerts;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Reputation;

/// <summary>The way to the alerts of the cluster and back.</summary>
internal sealed class AlertsAsk(IRequiredActor<OpenAlertsOf> alerts)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Alerts that change while pages are read begin it anew, so often at most.</summary>
    private const int Tries = 3;

    /// <exception cref="AskTimeoutException">It does not answer now.</exception>
    public async Task<OpenAlerts> Open(CancellationToken cancel)
    {
        for (var left = Tries; ; left--)
        {
            var page = await Ask(0, cancel);
            var (all, newest) = (new List<AlertChanged>(page.Alerts), page.Newest);
            while (page.HasMore && (page.Newest == newest || left <= 1))
            {
                page = await Ask(all.Count, cancel);
                all.AddRange(page.Alerts);
            }
            if (page.Newest == newest || left <= 1) return new([.. all.Distinct()], newest);
        }
    }

    /// <summary>The number of the last event in their journal.</summary>
    /// <exception cref="AskTimeoutException">It does not answer now.</exception>
    public async Task<long> Newest(CancellationToken cancel) => (await Ask(0, cancel)).Newest;

    private Task<OpenAlerts> Ask(int skip, CancellationToken cancel) =>
        alerts.ActorRef.Ask<OpenAlerts>(new ListAlerts(skip), Timeout, cancel);

    /// <summary>Figures as they are now, once there is somebody to tell: a start waits for nobody.</summary>
    public async Task Tell(IEnumerable<AlertReading> figures, CancellationToken cancel)
    {
        var actor = await alerts.GetAsync(cancel);
        foreach (var some in figures.Chunk(ReadFigures.ReadingsMax)) actor.Tell(new ReadFigures([.. some]));
    }
}
