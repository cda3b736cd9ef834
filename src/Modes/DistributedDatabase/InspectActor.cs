using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;

namespace Cluster.Modes.DistributedDatabase;

/// <summary>Tells another node's door what the replica near this one has of a key.</summary>
internal sealed class InspectActor(string name, IShardRegion ranges, string key, IActorRef asker) : Actor
{
    protected override void PreStart() => ranges.Tell(new AskStale(Keyspace.IdOf(Keyspace.RangeOf(key)), new Inspect(key)), Self);

    protected override void Receive(object message)
    {
        asker.Tell(new KeyInspected(name, message as Inspected), Self);
        Context.Stop(Self);
    }
}
