using Cluster.Node.Resp.Protocol;
using Google.Protobuf;

namespace Cluster.Node.Resp.Commands;

/// <summary>The keys of a reply that has all of them, bounded in number and in bytes: it is in memory whole before its first byte is sent.</summary>
internal sealed class FoundKeys(RespOptions options)
{
    private readonly List<RespValue> values = [];
    private long bytes;

    public IReadOnlyList<RespValue> Values => values;

    /// <returns>Why there are too many; null while there are not.</returns>
    public string? Add(ByteString key)
    {
        values.Add(RespValue.Bulk(key));
        bytes += key.Length;
        return values.Count > options.MaxKeysReply ? $"ERR more than {options.MaxKeysReply} keys match; use SCAN"
            : bytes > options.MaxReplyBytes ? $"ERR the keys that match have more than {options.MaxReplyBytes} bytes together, the most that one reply has; use SCAN"
            : null;
    }
}
