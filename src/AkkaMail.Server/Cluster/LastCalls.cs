using Akka.Actor;
using Akka.Cluster;
using AkkaMail.Server.Options;
using Microsoft.Extensions.Options;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Server.Cluster;

/// <summary>
/// A node that ends is not ready from the first moment on, but takes mail for a while yet: a balancer learns of it by asking,
/// and sends it some until then. Only where there are other nodes to send it to.
/// </summary>
internal sealed class LastCalls(
    ActorSystem system, IOptions<ClusterOptions> options, TimeProvider time) : IHostedLifecycleService
{
    private static readonly TimeSpan BesideOthers = TimeSpan.FromSeconds(3);

    /// <summary>Before anything is stopped.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var cluster = Membership.Get(system);
        var isIn = !cluster.IsTerminated && CoordinatedShutdown.Get(system).ShutdownReason is null
            && cluster.SelfMember.Status == MemberStatus.Up;
        var others = cluster.State.Members.Count(m => m.Status == MemberStatus.Up) - 1;
        var wait = options.Value.LastCalls ?? (others > 0 ? BesideOthers : TimeSpan.Zero);
        if (!isIn || wait == TimeSpan.Zero || Environment.ExitCode != 0) return;
        try { await Task.Delay(wait, time, cancellationToken); }
        catch (OperationCanceledException) { }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
