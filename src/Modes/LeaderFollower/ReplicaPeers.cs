using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.LeaderFollower;

/// <summary>The way to the doors and replicas of all members, by the names of their nodes. What goes to somebody who is no member is dropped, as any message may be.</summary>
/// <param name="node">This one.</param>
/// <param name="door">This node's door: every node's stands at the same path.</param>
internal sealed class ReplicaPeers(IModeNode node, IActorRef door)
{
    public void TellDoor(string name, object message, IActorRef sender)
    {
        if (name == node.Name.ToString())
        {
            door.Tell(message, sender);
        }
        else if (PathTo(name, door.Path) is { } path)
        {
            node.System.Resolve(path).Tell(message, sender);
        }
    }

    public void TellReplica(string name, object message, IActorRef sender)
    {
        var replica = door.Path.Child(ReplicaActor.ActorName);
        if (name == node.Name.ToString())
        {
            node.System.Resolve(replica.ToString()).Tell(message, sender);
        }
        else if (PathTo(name, replica) is { } path)
        {
            node.System.Resolve(path).Tell(message, sender);
        }
    }

    private string? PathTo(string name, ActorPath path) => node.Members.Current.FirstOrDefault(member => member.Name.ToString() == name) is { } member
        ? path.WithAddress(new ActorAddress(member.Name, member.Address)).WithUid(0).ToString()
        : null;
}
