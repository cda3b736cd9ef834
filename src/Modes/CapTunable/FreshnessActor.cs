using Cluster.Engine.Port;

namespace Cluster.Modes.CapTunable;

/// <summary>Asks a partition once how far it is, confirmed by a majority, and tells the door.</summary>
internal sealed class FreshnessActor(int partition, IShardRegion partitions) : Actor
{
    protected override void PreStart() => partitions.Tell(new ToEntity(PartitionCore.IdOf(partition), new ReadPosition()), Self);

    protected override void Receive(object message)
    {
        Context.Parent.Tell(message is KeyRead read ? new FreshnessAsked(partition, read.Position) : new FreshnessAsked(partition, null, message is EntityUnavailable none ? none.Error.Message : $"{message}"), Self);
        Context.Stop(Self);
    }
}
