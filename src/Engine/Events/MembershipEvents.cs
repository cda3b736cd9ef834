using Cluster.Engine.ControlPlane;
using Cluster.Shared.Http;

namespace Cluster.Engine.Events;

/// <summary>Tells what a newer view of the control plane has changed: members and where shards are placed. It compares states, so of many decisions in one go only their sum is told.</summary>
internal sealed class MembershipEvents(ClusterEvents events)
{
    private ControlView told = ControlView.Empty;

    public void Tell(ControlView view)
    {
        foreach (var member in view.Members)
        {
            var before = told.FindMember(member.Node);
            if (before is null || before.Status != member.Status)
            {
                Tell(member, Word(member), before is null ? $"{member.Name} is {Word(member)}" : $"{member.Name} is {Word(member)}, was {Word(before)}");
            }
            else if (before.Incarnation != member.Incarnation)
            {
                Tell(member, Word(member), $"{member.Name} has started again (incarnation {member.Incarnation})");
            }
        }

        foreach (var gone in told.Members)
        {
            if (view.FindMember(gone.Node) is null)
            {
                Tell(gone, "removed", $"{gone.Name} is removed, was {Word(gone)}");
            }
        }

        TellShards(view);
        told = view;
    }

    private void TellShards(ControlView view)
    {
        foreach (var shard in view.Shards)
        {
            if (told.FindShard(shard.Shard) is { } before && before.Epoch != shard.Epoch)
            {
                var replicas = shard.Replicas.Select(view.NameOf).ToArray();
                events.Tell(
                    ClusterEventKind.ShardPlaced,
                    $"{shard.Shard} shall live on {string.Join(", ", replicas)}; so far {string.Join(", ", before.Replicas.Select(view.NameOf))}",
                    detail => detail with { Shard = shard.Shard.Value, Replicas = replicas });
            }
        }
    }

    private void Tell(ControlMember member, string status, string text) =>
        events.Tell(ClusterEventKind.MemberChanged, text, detail => detail with { Member = member.Name.ToString(), Status = status });

    private static string Word(ControlMember member) => member.Status.ToString().ToLowerInvariant();
}
