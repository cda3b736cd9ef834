using Cluster.Engine.Port;

namespace Cluster.Modes.CapTunable;

/// <summary>Answers another node's question for the X-ray of a key, from a replica nearby; not at all where there is none.</summary>
internal sealed class PeekActor(Peek peek, string self, IShardRegion partitions, IActorRef asker) : Actor
{
    protected override void PreStart() => partitions.Tell(new AskStale(PartitionCore.IdOf(PartitionCore.Of(peek.Key)), new ReadKey(peek.Key)), Self);

    protected override void Receive(object message)
    {
        if (message is KeyRead read)
        {
            asker.Tell(new Peeked(self, read.Position, read.Written, read.Value is not null), Self);
        }

        Context.Stop(Self);
    }
}
