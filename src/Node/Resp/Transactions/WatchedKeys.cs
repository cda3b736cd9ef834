using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Node.Resp.Transactions;

/// <summary>
/// The keys that a connection watches, each with the revision it had. EXEC, DISCARD, UNWATCH and RESET leave it behind and begin a new one, so that a WATCH
/// still under way adds to the one it was sent for.
/// </summary>
/// <remarks>The reading side counts and knows the slot; what a WATCH found is added, and taken by EXEC, in the connection's order of commands.</remarks>
internal sealed class WatchedKeys
{
    private readonly Dictionary<ByteString, KvGuard> guards = [];

    /// <summary>Keys asked for, repeats among them.</summary>
    public int Count { get; set; }

    /// <summary>The slot of all of them; negative while there are none.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Why a WATCH did not find out: no transaction may rest on it.</summary>
    public string? Failure { get; set; }

    /// <summary>What a batch of reads found. A key that is watched already keeps the revision it had first.</summary>
    public void Found(KvCommand reads, KvReply reply)
    {
        for (var i = 0; i < reads.Operations.Count; i++)
        {
            var key = reads.Operations[i].Key;
            guards.TryAdd(key, new KvGuard { Key = key, Revision = reply.Replies[i].Revision, Seen = reply.Revision });
        }
    }

    /// <summary>Lets a batch be carried out only if none of them has changed.</summary>
    public void Guard(KvCommand batch) => batch.Guards.Add(guards.Values);
}
