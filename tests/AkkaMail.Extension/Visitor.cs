using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;

namespace AkkaMail.Extension;

/// <summary>
/// What an operator may load into a server by <c>AkkaMail:Extensions</c>: an actor that writes into the file named by the
/// variable VISITOR_FILE how many members the cluster has that it runs in.
/// </summary>
public static class Visitor
{
    public static void Add(AkkaConfigurationBuilder akka, IServiceProvider services)
    {
        var file = Environment.GetEnvironmentVariable("VISITOR_FILE")
            ?? throw new InvalidOperationException("VISITOR_FILE is not set");
        akka.WithActors((system, _) => system.ActorOf(Props.Create(() => new Writer(file)), "visitor"));
    }

    private sealed class Writer : ReceiveActor
    {
        public Writer(string file)
        {
            Receive<ClusterEvent.MemberUp>(e =>
                File.AppendAllText(file, $"{Self.Path.ToStringWithoutAddress()} saw {e.Member.Status}\n"));
            Akka.Cluster.Cluster.Get(Context.System).Subscribe(Self, typeof(ClusterEvent.MemberUp));
        }
    }
}
