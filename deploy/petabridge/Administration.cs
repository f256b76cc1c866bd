using System.Globalization;
using Akka.Hosting;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;

namespace AkkaMail.Administering;

/// <summary>Lets <c>pbm</c> look at the cluster and its shards, and order them. Loaded by <c>AkkaMail:Extensions</c>.</summary>
public static class Administration
{
    /// <summary>
    /// Who reaches the port may down nodes: it listens on loopback, where PBM_HOST and PBM_PORT say nothing else.
    /// </summary>
    public static void Add(AkkaConfigurationBuilder akka, IServiceProvider services) => akka.AddPetabridgeCmd(
        new PetabridgeCmdOptions
        {
            Host = Environment.GetEnvironmentVariable("PBM_HOST") ?? "127.0.0.1",
            Port = int.Parse(Environment.GetEnvironmentVariable("PBM_PORT") ?? "9110", CultureInfo.InvariantCulture),
        },
        host =>
        {
            host.RegisterCommandPalette(ClusterCommands.Instance);
            host.RegisterCommandPalette(ClusterShardingCommands.Instance);
        });
}
