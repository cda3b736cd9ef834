using Cluster.Node.Resp.Protocol;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// OBJECT and MEMORY: what tools ask of keys. The encoding is the one that Redis gives a value that was just set; how often or when a key was last used is not
/// recorded here, and is answered with an error and not with a made-up number.
/// </summary>
internal static class ObjectCommands
{
    /// <summary>Redis keeps strings up to this length in one piece with their header, and says so.</summary>
    private const int MaxEmbedded = 44;

    private static readonly ReplyFormat EncodingFormat = static (writer, reply, _) =>
    {
        if (reply.Status != KvStatus.Ok)
        {
            writer.Null();
            return;
        }

        var isInteger = reply.Number == reply.Value.Length && RespInteger.TryParse(reply.Value.Span, out var _);
        writer.Bulk(isInteger ? "int"u8 : reply.Number <= MaxEmbedded ? "embstr"u8 : "raw"u8);
    };

    private static readonly ReplyFormat ReferencesFormat = static (writer, reply, _) => NullOr(writer, reply, 1);

    private static readonly ReplyFormat NoFrequency = ReplyFormats.NullOrError(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.");

    private static readonly ReplyFormat NoIdleTime = ReplyFormats.NullOrError("ERR idle time not tracked: nothing here depends on when a key was last used");

    /// <summary>The longest integer's length is enough of the value to tell.</summary>
    public static CommandCall Encoding(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.GetRange, Key = arguments.Key(2), Start = 0, End = 19 }, EncodingFormat);

    public static CommandCall References(RespSession session, in RespArguments arguments) => Metadata(arguments, ReferencesFormat);

    public static CommandCall Frequency(RespSession session, in RespArguments arguments) => Metadata(arguments, NoFrequency);

    public static CommandCall IdleTime(RespSession session, in RespArguments arguments) => Metadata(arguments, NoIdleTime);

    /// <summary>MEMORY USAGE: bytes on each replica. SAMPLES is for collections, and there are none.</summary>
    public static CommandCall Usage(RespSession session, in RespArguments arguments)
    {
        for (var i = 3; i < arguments.Count; i += 2)
        {
            if (!arguments.Is(i, "SAMPLES"u8) || i + 1 == arguments.Count)
            {
                return CommandCall.Error(ErrorReplies.Syntax);
            }

            if (!arguments.TryInteger(i + 1, out var samples))
            {
                return CommandCall.Error(ErrorReplies.NotAnInteger);
            }

            if (samples < 0)
            {
                return CommandCall.Error(ErrorReplies.Syntax);
            }
        }

        var keyBytes = arguments[2].Length;
        return Metadata(arguments, (writer, reply, _) => NullOr(writer, reply, KvLimits.RecordOverheadBytes + keyBytes + reply.Number));
    }

    private static CommandCall Metadata(in RespArguments arguments, ReplyFormat format) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Get, Key = arguments.Key(2) }, format);

    private static void NullOr(RespWriter writer, KvReply reply, long number)
    {
        if (reply.Status == KvStatus.Ok)
        {
            writer.Integer(number);
        }
        else
        {
            writer.Null();
        }
    }
}
