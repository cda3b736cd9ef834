using Cluster.Engine.Port;
using Cluster.Engine.Sharding;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Logs;

/// <summary>The durable log from one node: bounds checked here, before anything travels; then the partitions' slot, its shard, and the way to its leader.</summary>
internal sealed class DurableLog(ShardClient shards, IShardTable table) : IDurableLog
{
    private static readonly LogUnavailable NoTableYet = new(new ClusterError(ErrorCode.Unavailable, "the cluster has no shard table yet: it is still forming; see /ready"));

    public void Tell(LogCommand command, IActorRef asker, bool isStale = false)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(asker);
        if (LogRules.WhyNot(command) is { } bad)
        {
            asker.Tell(new LogReply { Status = LogStatus.Bad, Detail = bad });
            return;
        }

        var names = PartitionsOf(command);
        var shard = table.ShardOf(LogPlacement.SlotOf(names[0]));
        if (shard.IsControl)
        {
            asker.Tell(NoTableYet);
        }
        else if (names.FirstOrDefault(name => table.ShardOf(LogPlacement.SlotOf(name)) != shard) is { } elsewhere)
        {
            asker.Tell(new LogReply { Status = LogStatus.Bad, Detail = $"{names[0]} and {elsewhere} are in different shards, and a transaction is in one: give their topics one hash tag, as {{orders}}.in and {{orders}}.out, and take partitions of one number" });
        }
        else
        {
            _ = SendAsync(shard, command, asker, isStale);
        }
    }

    /// <summary>Never throws for what a cluster can do to a request: whoever asked is told.</summary>
    private async Task SendAsync(ShardId shard, LogCommand command, IActorRef asker, bool isStale)
    {
        object answer;
        try
        {
            var reads = command.BodyCase != LogCommand.BodyOneofCase.Transaction;
            var request = new ShardRequest
            {
                Shard = shard.Value,
                Machine = LogMachine.Id,
                Consistency = reads && isStale ? ReadConsistency.Stale : ReadConsistency.Linearizable,
                IsRead = reads,
                Command = command.ToBytes(),
            };
            var result = await shards.ExecuteAsync(shard, request, CancellationToken.None).ConfigureAwait(false);
            answer = result.Error == ErrorCode.None ? LogReply.Parser.ParseFrom(result.Reply) : new LogUnavailable(new ClusterError(result.Error, result.Message));
        }
        catch (Exception failed)
        {
            answer = new LogUnavailable(new ClusterError(ErrorCode.OutcomeUnknown, failed.Message));
        }

        asker.Tell(answer);
    }

    private static IReadOnlyList<string> PartitionsOf(LogCommand command) => command.BodyCase switch
    {
        LogCommand.BodyOneofCase.Fetch => [command.Fetch.Partition],
        LogCommand.BodyOneofCase.ReadStream => [command.ReadStream.Partition],
        LogCommand.BodyOneofCase.Describe => [command.Describe.Partition],
        _ => [.. command.Transaction.Steps.Select(step => step.Partition).Distinct(StringComparer.Ordinal)],
    };
}
