using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.ControlPlane;

/// <summary>Asks the control plane's leader for a decision, from any node that knows a replica of group 0. Each command takes effect at most once.</summary>
internal sealed class ControlClient(ShardClient shards)
{
    /// <summary>The decision, or why none was reached: no leader, or no word from it in time.</summary>
    public async ValueTask<(ControlReply? Reply, ClusterError? Error)> DecideAsync(ControlCommand command, CancellationToken cancellation = default)
    {
        var request = new ShardRequest
        {
            Shard = ShardId.Control.Value,
            Machine = ControlMachine.Id,
            Command = UnsafeByteOperations.UnsafeWrap(command.ToByteArray()),
        };
        var result = await shards.ExecuteAsync(ShardId.Control, request, cancellation).ConfigureAwait(false);
        return result.Error == ErrorCode.None
            ? (ControlReply.Parser.ParseFrom(result.Reply), null)
            : (null, new ClusterError(result.Error, result.Message));
    }

    /// <summary>Where each singleton is placed, as of a moment after this was called: linearizable. Null when no leader with a majority answered in time.</summary>
    public async ValueTask<IReadOnlyList<ControlSingleton>?> SingletonsAsync(TimeSpan timeout)
    {
        var request = new ShardRequest
        {
            Shard = ShardId.Control.Value,
            Machine = ControlMachine.Id,
            IsRead = true,
            Consistency = ReadConsistency.Linearizable,
            Command = new ControlQuery { Singletons = true }.ToByteString(),
        };
        var result = await shards.ExecuteAsync(ShardId.Control, request, CancellationToken.None, timeout).ConfigureAwait(false);
        return result.Error == ErrorCode.None ? [.. ControlAnswer.Parser.ParseFrom(result.Reply).Singletons.Select(ControlRecords.Read)] : null;
    }
}
