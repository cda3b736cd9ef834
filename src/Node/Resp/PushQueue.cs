using System.Diagnostics.CodeAnalysis;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp;

/// <summary>
/// What is to be told to a connection out of turn (RESP3 push), until its writing side gets to it: between two replies, or at once when none is due. Bounded:
/// a client that does not read keeps nobody's memory; what finds no room is dropped, so who pushes numbers what it pushes.
/// </summary>
internal sealed class PushQueue(int most)
{
    private readonly Lock gate = new();
    private readonly Queue<RespValue> waiting = new();

    /// <returns>False when there was no room.</returns>
    public bool TryAdd(RespValue push)
    {
        lock (gate)
        {
            if (waiting.Count == most)
            {
                return false;
            }

            waiting.Enqueue(push);
            return true;
        }
    }

    public bool TryTake([NotNullWhen(true)] out RespValue? push)
    {
        lock (gate)
        {
            return waiting.TryDequeue(out push);
        }
    }
}
