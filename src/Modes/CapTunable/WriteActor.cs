using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.CapTunable;

/// <summary>One write: the partition decides, a majority has it on its disks, and the client's token knows of it.</summary>
internal sealed class WriteActor(string key, PartitionCommand command, SessionToken token, IShardRegion partitions, IActorRef client) : Actor
{
    private readonly int partition = PartitionCore.Of(key);

    protected override void PreStart() => partitions.Tell(new ToEntity(PartitionCore.IdOf(partition), command), Self);

    protected override void Receive(object message)
    {
        client.Tell(
            message switch
            {
                KeyWritten { IsConflict: true } => ModeAnswer.Conflict($"another value stands at {key}"),
                KeyWritten written => ModeAnswer.Ok(new StoredWrite(key, KeyVersion.Of(partition, written.Position)) { Token = token.With(partition, written.Position).Text }, StorageJson.Default.StoredWrite),
                _ => ModeAnswer.Of(message),
            },
            Self);
        Context.Stop(Self);
    }
}
