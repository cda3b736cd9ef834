using Cluster.Engine.Port;

namespace Cluster.Modes.Tests.Hosting;

/// <summary>A region behind which a test answers: what it is asked goes to the actor that stands for it.</summary>
internal sealed class RecordedRegion(EntityType type, IActorRef stands) : IShardRegion
{
    public EntityType Type => type;

    public IActorRef Ref => stands;

    public Task<TReply> AskAsync<TReply>(string entityId, object command, TimeSpan timeout, CancellationToken cancellation = default) => throw new NotSupportedException("an actor tells, and does not ask");

    public Task<TReply> AskStaleAsync<TReply>(string entityId, IEntityQuery query, TimeSpan timeout, CancellationToken cancellation = default) => throw new NotSupportedException("an actor tells, and does not ask");
}
