using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>How store replies are written. Static, so that a command in flight carries a reference and nothing more.</summary>
internal static class ReplyFormats
{
    /// <summary>+OK, or null when the condition failed (SET NX).</summary>
    public static readonly ReplyFormat OkOrNull = static (writer, reply, _) =>
    {
        if (reply.Status == KvStatus.Ok)
        {
            writer.Ok();
        }
        else
        {
            writer.Null();
        }
    };

    /// <summary>The value that stands or stood there, or null.</summary>
    public static readonly ReplyFormat Value = static (writer, reply, _) =>
    {
        if (reply.HasValue)
        {
            writer.Bulk(reply.Value.Span);
        }
        else
        {
            writer.Null();
        }
    };

    /// <summary>The value, or the empty one where there is none.</summary>
    public static readonly ReplyFormat ValueOrEmpty = static (writer, reply, _) => writer.Bulk(reply.Value.Span);

    /// <summary>1 when it was done, 0 when there was nothing to do it to.</summary>
    public static readonly ReplyFormat Done = static (writer, reply, _) => writer.Integer(reply.Status == KvStatus.Ok ? 1 : 0);

    /// <summary>The number that came out; of a read, the value's length.</summary>
    public static readonly ReplyFormat Number = static (writer, reply, _) => writer.Integer(reply.Number);

    public static readonly ReplyFormat Type = static (writer, reply, _) => writer.Raw(reply.Status == KvStatus.Ok ? "+string\r\n"u8 : "+none\r\n"u8);

    /// <summary>Milliseconds to live.</summary>
    public static readonly ReplyFormat MsToLive = static (writer, reply, session) => writer.Integer(TimeToLive(reply, session) ?? NoTime(reply));

    /// <summary>Seconds to live, rounded as Redis rounds.</summary>
    public static readonly ReplyFormat SecondsToLive = static (writer, reply, session) => writer.Integer((TimeToLive(reply, session) + 500) / 1000 ?? NoTime(reply));

    /// <summary>Unix time of expiry in milliseconds.</summary>
    public static readonly ReplyFormat ExpiryMs = static (writer, reply, _) => writer.Integer(Expires(reply) ? reply.ExpiresAtMs : NoTime(reply));

    /// <summary>Unix time of expiry in seconds.</summary>
    public static readonly ReplyFormat ExpirySeconds = static (writer, reply, _) => writer.Integer(Expires(reply) ? (reply.ExpiresAtMs + 500) / 1000 : NoTime(reply));

    /// <summary>+OK, or an error when there is no such key.</summary>
    public static readonly ReplyFormat OkOrNoKey = static (writer, reply, _) =>
    {
        if (reply.Status == KvStatus.NotFound)
        {
            writer.Error(ErrorReplies.NoSuchKey);
        }
        else
        {
            writer.Ok();
        }
    };

    /// <summary>1 when it was done, 0 when the condition failed, an error when there is no such key.</summary>
    public static readonly ReplyFormat DoneOrNoKey = static (writer, reply, session) =>
    {
        if (reply.Status == KvStatus.NotFound)
        {
            writer.Error(ErrorReplies.NoSuchKey);
        }
        else
        {
            Done(writer, reply, session);
        }
    };

    /// <summary>For what is wrong with a command only if there is its key: null where there is none.</summary>
    public static ReplyFormat NullOrError(string error) => (writer, reply, _) =>
    {
        if (reply.Status == KvStatus.Ok)
        {
            writer.Error(error);
        }
        else
        {
            writer.Null();
        }
    };

    private static bool Expires(KvReply reply) => reply.Status == KvStatus.Ok && reply.ExpiresAtMs != 0;

    // The store's clock decides what has expired, this node's clock only how long is left: never less than nothing.
    private static long? TimeToLive(KvReply reply, RespSession session) => Expires(reply) ? Math.Max(0, reply.ExpiresAtMs - session.Server.UnixMs) : null;

    /// <summary>-1: a key that stays; -2: no key.</summary>
    private static long NoTime(KvReply reply) => reply.Status == KvStatus.Ok ? -1 : -2;
}
