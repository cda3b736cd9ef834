using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Federated;

/// <summary>Lists keys of a region, or of all, from every group at its home or from this cluster's copies: each group gives its first, and the first of those are the answer.</summary>
internal sealed class ScanActor(FederatedNode node, ModeRequest asked, IActorRef client) : Actor
{
    private readonly List<KeysListed> found = [];
    private int waiting;

    protected override void PreStart()
    {
        var isLocal = asked.Text(FederatedMode.Read) == FederatedMode.Local;
        var list = new ListKeys(asked.Find(StorageOperations.Prefix) ?? "", asked.Find(StorageOperations.After) ?? "", Limit + 1, isLocal);
        IReadOnlyList<string> groups = [.. asked.Find(FederatedMode.Region) is { } region ? RegionMap.GroupsOf(region) : node.Map.AllGroups];
        var (door, self) = (Context.Parent, Self);
        waiting = groups.Count;
        foreach (var group in groups)
        {
            Context.ActorOf(Props.Create(() => new GroupCall(node, group, list, isLocal ? CallTo.Copy : CallTo.Home, null, door, self)));
        }
    }

    private int Limit => (int)asked.Number(StorageOperations.Limit);

    protected override void Receive(object message)
    {
        if (message is GroupAnswered { Reply: KeysListed listed })
        {
            found.Add(listed);
            if (--waiting == 0)
            {
                End(ModeAnswer.Ok(Joined(found, Limit), StorageJson.Default.StoredKeys));
            }
        }
        else if (message is GroupAnswered failed)
        {
            End(failed.Failure); // A list with a group missing would say that its keys are not there.
        }
    }

    /// <summary>The first keys of all groups: no further than a list goes that was cut short, since what is missing of it may belong in between.</summary>
    internal static StoredKeys Joined(IReadOnlyList<KeysListed> lists, int limit)
    {
        var end = lists.Where(list => list.IsPart).Select(list => list.Records[^1].Key).Min(StringComparer.Ordinal);
        var all = lists.SelectMany(list => list.Records).Where(record => end is null || string.CompareOrdinal(record.Key, end) <= 0).OrderBy(record => record.Key, StringComparer.Ordinal).ToList();
        var first = all.Take(limit).Select(record => new StoredValue(record.Key, record.Value, record.Version.ToString()));
        return new StoredKeys([.. first], all.Count > limit || end is not null);
    }

    private void End(ModeAnswer answer)
    {
        client.Tell(answer, Context.Parent);
        Context.Stop(Self);
    }
}
