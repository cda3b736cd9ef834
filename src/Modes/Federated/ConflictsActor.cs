using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Federated;

/// <summary>Lists the writes that lost in this cluster against those of a later home: nothing that was acknowledged goes without a trace.</summary>
internal sealed class ConflictsActor(FederatedNode node, IActorRef client) : Actor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly List<ConflictsRead> read = [];

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(Patience);
        foreach (var group in node.Map.AllGroups)
        {
            node.Groups.Tell(new AskLeased(group, new ReadConflicts { Here = node.Map.Here }), Self);
        }
    }

    protected override void Receive(object message)
    {
        if (message is ConflictsRead conflicts)
        {
            read.Add(conflicts);
            if (read.Count < node.Map.AllGroups.Count())
            {
                return;
            }
        }

        client.Tell(
            message switch
            {
                ConflictsRead => ModeAnswer.Ok(
                    new ConflictsView(
                        node.Map.Here,
                        read.Sum(one => one.Total),
                        [.. read.SelectMany(one => one.Newest).OrderBy(lost => lost.Version).ThenBy(lost => lost.Key, StringComparer.Ordinal).Select(lost => new LostView(lost.Key, lost.Value, lost.Version.ToString(), lost.WonBy.ToString()))]),
                    RegionViewsJson.Default.ConflictsView),
                ReceiveTimeout => ModeAnswer.Unavailable($"not every group answers {node.Host.Name}"),
                _ => ModeAnswer.Of(message),
            },
            Context.Parent);
        Context.Stop(Self);
    }
}
