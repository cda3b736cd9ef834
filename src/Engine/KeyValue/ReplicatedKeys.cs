using Cluster.Engine.Port;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>The key-value store of the doors, as an actor asks it: by a message that is answered by one.</summary>
internal sealed class ReplicatedKeys(IKeyValueClient store) : IReplicatedKeys
{
    public int ShardCount => store.ShardCount;

    public void Tell(KvCommand command, IActorRef asker, ReadConsistency consistency = ReadConsistency.Linearizable) =>
        _ = AnswerAsync(store.ExecuteAsync(command, consistency, RequestIdentity.None, CancellationToken.None), asker);

    public void TellShard(int shard, KvCommand command, IActorRef asker, ReadConsistency consistency = ReadConsistency.Linearizable) =>
        _ = AnswerAsync(store.ExecuteOnShardAsync(shard, command, consistency, CancellationToken.None), asker);

    /// <summary>Never throws for what a cluster can do to a request: whoever asked is told.</summary>
    private static async Task AnswerAsync(ValueTask<KvResult> asked, IActorRef asker)
    {
        object answer;
        try
        {
            var result = await asked.ConfigureAwait(false);
            answer = result.Error is { } error ? new KeysUnavailable(error) : result.Reply!;
        }
        catch (Exception failed)
        {
            answer = new KeysUnavailable(new ClusterError(ErrorCode.OutcomeUnknown, failed.Message));
        }

        asker.Tell(answer);
    }
}
