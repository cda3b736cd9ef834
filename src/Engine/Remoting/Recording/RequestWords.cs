using Cluster.Engine.ControlPlane;
using Cluster.Engine.KeyValue;
using Cluster.Shared.Http;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using static Cluster.Engine.Remoting.Recording.WireFields;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Says what a node asks of a shard's leader for a client, and what that answers.</summary>
internal static class RequestWords
{
    public static MessagePartView? TellRequest(ReadOnlySpan<byte> request, int bytes)
    {
        var keys = new KeyList();
        var command = BytesIn(request, ShardRequest.CommandFieldNumber);
        var words = NumberIn(request, ShardRequest.MachineFieldNumber) switch
        {
            0 => null,
            KeyValueMachine.Id => TellCommand(command, keys),
            ControlMachine.Id => "a question to the control plane",
            _ => "a command to entity " + keys.Add(BytesIn(command, EntityCommand.EntityFieldNumber)),
        };
        if (words is null)
        {
            return null;
        }

        var consistency = (ReadConsistency)NumberIn(request, ShardRequest.ConsistencyFieldNumber);
        var how = !IsSet(request, ShardRequest.IsReadFieldNumber) ? "" : consistency switch { ReadConsistency.Lease => ", by lease", ReadConsistency.Stale => ", stale", _ => ", linearizable" };
        return new MessagePartView("Request", words + how, bytes)
        {
            Shard = (uint)NumberIn(request, ShardRequest.ShardFieldNumber),
            Keys = keys.Keys,
            Correlation = NumberIn(request, ShardRequest.CorrelationFieldNumber),
        };
    }

    public static MessagePartView? TellReply(ReadOnlySpan<byte> reply, int bytes)
    {
        var correlation = NumberIn(reply, ShardReply.CorrelationFieldNumber);
        var error = (ErrorCode)(int)NumberIn(reply, ShardReply.ErrorFieldNumber);
        return correlation == 0
            ? null
            : new MessagePartView("Reply", error == 0 ? "done" : $"not done: {error}, {KeyList.Text(BytesIn(reply, ShardReply.MessageFieldNumber), PartLimits.MaxNameLength)}", bytes) { Correlation = correlation };
    }

    private static string TellCommand(ReadOnlySpan<byte> command, KeyList keys)
    {
        var op = (KvOp)NumberIn(command, KvCommand.OpFieldNumber);
        var verb = Enum.IsDefined(op) ? op.ToString() : "an operation";
        if (op != KvOp.Batch)
        {
            var condition = (KvCondition)NumberIn(command, KvCommand.ConditionFieldNumber);
            var key = BytesIn(command, KvCommand.KeyFieldNumber);
            return (key.IsEmpty ? verb : $"{verb} {keys.Add(key)}") + (condition == KvCondition.None ? "" : $" if {condition}");
        }

        var operations = 0;
        var fields = new WireFields(command);
        while (fields.Next())
        {
            if (fields.Field is KvCommand.OperationsFieldNumber or KvCommand.GuardsFieldNumber)
            {
                operations += fields.Field == KvCommand.OperationsFieldNumber ? 1 : 0;
                var key = BytesIn(fields.Bytes, fields.Field == KvCommand.OperationsFieldNumber ? KvCommand.KeyFieldNumber : KvGuard.KeyFieldNumber);
                if (!key.IsEmpty)
                {
                    keys.Add(key);
                }
            }
        }

        return $"Batch of {operations} on {string.Join(", ", keys.Keys ?? ["no key"])}";
    }
}
