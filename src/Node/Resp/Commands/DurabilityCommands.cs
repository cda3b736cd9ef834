using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// WAIT, SAVE and their kin: what clients of Redis ask to be sure of a write. Here a write is answered when it is on disk on a majority of its shard's replicas,
/// so all of these are true at once.
/// </summary>
internal static class DurabilityCommands
{
    /// <summary>
    /// On how many replicas beside the first this connection's writes are for certain: the majority less one, of the shard that has fewest. Waiting would not
    /// tell more, so the reply never waits; who asked for more sees it in the number.
    /// </summary>
    public static CommandCall Wait(RespSession session, in RespArguments arguments)
    {
        if (!arguments.TryInteger(1, out _))
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        if (!arguments.TryInteger(2, out var timeout))
        {
            return CommandCall.Error("ERR timeout is not an integer or out of range");
        }

        if (timeout < 0)
        {
            return CommandCall.Error("ERR timeout is negative");
        }

        return CommandCall.Later(async cancellation =>
        {
            var view = await session.Server.Status.GetViewAsync(cancellation).ConfigureAwait(false);
            return RespValue.Integer(view.Shards.Count == 0 ? 0 : view.Shards.Min(shard => shard.Voters.Count / 2));
        });
    }

    public static CommandCall LastSave(RespSession session, in RespArguments arguments) => RespValue.Integer(session.Server.UnixMs / 1000);

    public static CommandCall Save(RespSession session, in RespArguments arguments) => RespValue.Ok;

    public static CommandCall SaveInBackground(RespSession session, in RespArguments arguments) =>
        arguments.Count == 1 || (arguments.Count == 2 && arguments.Is(1, "SCHEDULE"u8))
            ? RespValue.Simple("Background saving started")
            : CommandCall.Error(ErrorReplies.Syntax);

    /// <summary>Every node serves every key, so each is a master; its replicas are not Redis's to follow.</summary>
    public static CommandCall Role(RespSession session, in RespArguments arguments) =>
        RespValue.Array(RespValue.Bulk("master"), RespValue.Integer(0), RespValue.EmptyArray);
}
