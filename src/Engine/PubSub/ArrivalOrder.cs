using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;

namespace Cluster.Engine.PubSub;

/// <summary>
/// What came last from each publishing node: lets a message pass once, and none that a later one has overtaken, whatever the links do. So at most once and in order
/// hold on links that repeat and reorder; what comes late is lost. Guarded by its hub; as many lines as the transport knows peers.
/// </summary>
internal sealed class ArrivalOrder
{
    private readonly Dictionary<NodeName, Line> lines = [];

    /// <param name="missed">Messages before it that never came, or have not come yet and will be late.</param>
    /// <returns>False for one that came before, or too late, or from a life that is over.</returns>
    public bool Admit(PeerIdentity from, ulong sequence, out ulong missed)
    {
        missed = 0;
        if (lines.TryGetValue(from.Name, out var line) && line.Uid == from.Uid)
        {
            if (from.Incarnation < line.Incarnation || (from.Incarnation == line.Incarnation && sequence <= line.Sequence))
            {
                return false;
            }

            missed = from.Incarnation == line.Incarnation ? sequence - line.Sequence - 1 : 0;
        }

        lines[from.Name] = new Line(from.Uid, from.Incarnation, sequence);
        return true;
    }

    private readonly record struct Line(Guid Uid, Incarnation Incarnation, ulong Sequence);
}
