using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Federated;

/// <summary>Tells how every group stands in this cluster, and how long the others have been silent: what an operator decides by.</summary>
internal sealed class RegionsActor(FederatedNode node, IActorRef client) : Actor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SortedDictionary<string, GroupView> groups = new(StringComparer.Ordinal);

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(Patience);
        foreach (var group in node.Map.AllGroups)
        {
            node.Groups.Tell(new AskLeased(group, new ReadStanding { Here = node.Map.Here }), Self);
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case GroupStanding standing:
                node.Board.NoteOwn(standing.Group, standing.Home);
                groups[standing.Group] = GroupView.Of(standing);
                if (groups.Count == node.Map.AllGroups.Count())
                {
                    End(ModeAnswer.Ok(new RegionsView(node.Map.Here, node.Host.Federation.Others.ToDictionary(other => other, Silence), [.. groups.Values]), RegionViewsJson.Default.RegionsView));
                }

                break;
            case ReceiveTimeout:
                End(ModeAnswer.Unavailable($"not every group answers {node.Host.Name}: {string.Join(", ", node.Map.AllGroups.Where(group => !groups.ContainsKey(group)))} do not"));
                break;
            default:
                End(ModeAnswer.Of(message));
                break;
        }
    }

    private double? Silence(string cluster) => node.Board.HeardAt(cluster) is { } heard ? Math.Round((node.Now - heard).TotalMilliseconds) : null;

    private void End(ModeAnswer answer)
    {
        client.Tell(answer, Context.Parent);
        Context.Stop(Self);
    }
}
