using System.Security.Cryptography;
using System.Text;
using Cluster.Engine.Hosting;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Redirection;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// CLUSTER and its kin. On a node that redirects they tell the truth of this moment as the node sees it. On one that does not, clients are to use it as one server:
/// SLOTS and SHARDS say that it serves all slots, and what clients probe with (NODES ...) is answered as by a Redis without cluster support.
/// </summary>
internal static class ClusterCommands
{
    private const string Disabled = "ERR This instance has cluster support disabled";

    /// <summary>Most keys that GETKEYSINSLOT answers with.</summary>
    private const int MaxKeysOfSlot = KvLimits.MaxScanEntries;

    public static CommandCall Slots(RespSession session, in RespArguments arguments) => ClusterTables.Slots(MapFor(session));

    public static CommandCall Shards(RespSession session, in RespArguments arguments) => ClusterTables.Shards(MapFor(session));

    public static CommandCall Nodes(RespSession session, in RespArguments arguments) =>
        session.Server.Redirects is null ? CommandCall.Error(Disabled) : RespValue.Verbatim(ClusterText.Nodes(session.Server.Map.Describe()));

    public static CommandCall Links(RespSession session, in RespArguments arguments) =>
        session.Server.Redirects is null ? CommandCall.Error(Disabled) : ClusterTables.Links(session.Server.Map.Describe());

    public static CommandCall Info(RespSession session, in RespArguments arguments) => RespValue.Verbatim(ClusterText.Info(session.Server.Map.Describe()));

    public static CommandCall MyId(RespSession session, in RespArguments arguments) => RespValue.Bulk(session.Server.Map.Describe().SelfId);

    /// <summary>The shards that a node leads are one shard in Redis's sense, with an id of its own.</summary>
    public static CommandCall MyShardId(RespSession session, in RespArguments arguments) =>
        RespValue.Bulk(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("shard of " + session.Server.Map.Describe().SelfId)).AsSpan(0, 20)));

    public static CommandCall Replicas(RespSession session, in RespArguments arguments)
    {
        if (session.Server.Redirects is null)
        {
            return CommandCall.Error(Disabled);
        }

        var map = session.Server.Map.Describe();
        var id = arguments.Text(2);
        var master = map.Nodes.ToList().FindIndex(node => node.Id == id);
        return master < 0 ? CommandCall.Error($"ERR Unknown node {(id.Length > 64 ? id[..64] : id)}")
            : map.Ranges.All(range => range.Leader != master) ? CommandCall.Error("ERR The specified node is not a master")
            : RespValue.Array([.. ClusterText.Replicas(map, master).Select(RespValue.Bulk)]);
    }

    public static CommandCall KeySlot(RespSession session, in RespArguments arguments) => RespValue.Integer(HashSlot.Of(arguments[2]));

    /// <summary>Counted where the slot is led, also when that is elsewhere: a Redis node would say 0 of another's slot, which tells nothing.</summary>
    public static CommandCall CountKeysInSlot(RespSession session, in RespArguments arguments) =>
        TrySlot(arguments, out var slot) ? CommandCall.ToStore(KvCommands.CountSlot(slot), ReplyFormats.Number) : CommandCall.Error("ERR Invalid slot");

    public static CommandCall GetKeysInSlot(RespSession session, in RespArguments arguments)
    {
        if (!TrySlot(arguments, out var slot))
        {
            return CommandCall.Error("ERR Invalid slot or number of keys");
        }

        if (!arguments.TryInteger(3, out var wanted))
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        if (wanted < 0)
        {
            return CommandCall.Error("ERR Invalid slot or number of keys");
        }

        var consistency = session.CallConsistency;
        return CommandCall.Later(cancellation => KeysOfAsync(session, slot, (int)Math.Min(wanted, MaxKeysOfSlot), consistency, cancellation));
    }

    public static CommandCall Asking(RespSession session, in RespArguments arguments) => IfRedirecting(session, static asked => asked.IsAsking = true);

    public static CommandCall ReadOnly(RespSession session, in RespArguments arguments) => IfRedirecting(session, static reader => reader.IsReadOnly = true);

    public static CommandCall ReadWrite(RespSession session, in RespArguments arguments) => IfRedirecting(session, static writer => writer.IsReadOnly = false);

    private static SlotMapView MapFor(RespSession session) =>
        session.Server.Redirects is null ? ClusterTables.AsOneServer(session.Server.Map.Describe()) : session.Server.Map.Describe();

    private static CommandCall IfRedirecting(RespSession session, Action<RespSession> change)
    {
        if (session.Server.Redirects is null)
        {
            return CommandCall.Error(Disabled);
        }

        change(session);
        return RespValue.Ok;
    }

    private static bool TrySlot(in RespArguments arguments, out int slot)
    {
        var isNumber = arguments.TryInteger(2, out var number) && number is >= 0 and < HashSlot.Count;
        slot = isNumber ? (int)number : 0;
        return isNumber;
    }

    /// <summary>A slot's keys stand among those of its shard: some pages of a scan may hold none.</summary>
    private static async Task<RespValue> KeysOfAsync(RespSession session, int slot, int wanted, ReadConsistency consistency, CancellationToken cancellation)
    {
        var keys = new FoundKeys(session.Server.Options);
        var scan = KvCommands.ScanSlot(slot, default, wanted);
        while (keys.Values.Count < wanted)
        {
            var result = await session.ExecuteAsync(scan, consistency, cancellation).ConfigureAwait(false);
            if ((result.Error is { } error ? ErrorReplies.For(error) : ErrorReplies.For(result.Reply!)) is { } refused)
            {
                return RespValue.Error(refused);
            }

            foreach (var entry in result.Reply!.Entries.Take(wanted - keys.Values.Count))
            {
                if (keys.Add(entry.Key) is { } tooMuch)
                {
                    return RespValue.Error(tooMuch);
                }
            }

            if (!result.Reply.More)
            {
                break;
            }

            scan = scan.Clone();
            scan.After = result.Reply.ResumeAfter;
        }

        return RespValue.Array(keys.Values);
    }
}
