using System.Text;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Modes.SharedNothing;

/// <summary>Answers another node's question for the X-ray of a key from this node's replica; not at all where there is none that answers.</summary>
internal sealed class PeekActor(IModeNode node, string key, IActorRef asker) : Actor
{
    /// <summary>A node that has a replica is its own nearest one.</summary>
    protected override void PreStart() => node.Keys.Tell(KvCommands.GetMetadata(Encoding.UTF8.GetBytes(key)), Self, ReadConsistency.Stale);

    protected override void Receive(object message)
    {
        if (message is KvReply reply)
        {
            asker.Tell(new KeyPeeked(node.Name.ToString(), reply.Revision), Self);
        }

        Context.Stop(Self);
    }
}
