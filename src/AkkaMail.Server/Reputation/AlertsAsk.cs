using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Alerts;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Reputation;

/// <summary>The way to the alerts of the cluster and back.</summary>
internal sealed class AlertsAsk(IRequiredActor<OpenAlertsOf> alerts)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <exception cref="AskTimeoutException">It does not answer now.</exception>
    public Task<OpenAlerts> Open(CancellationToken cancel) =>
        alerts.ActorRef.Ask<OpenAlerts>(ListAlerts.Instance, Timeout, cancel);

    /// <summary>Figures as they are now, once there is somebody to tell: a start waits for nobody.</summary>
    public async Task Tell(IEnumerable<AlertReading> figures, CancellationToken cancel) =>
        (await alerts.GetAsync(cancel)).Tell(new ReadFigures([.. figures]));
}
