using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.LogBased;

/// <summary>The X-ray of a key: its partition, who leads that, and how far the view of each node with a replica is.</summary>
internal sealed class KeyWhereActor(IModeNode node, string key, IActorRef client) : SurveyActor<ViewPeeked>(node, new PeekView(key), client)
{
    private readonly IModeNode node = node;
    private readonly string key = key;

    protected override IReadOnlyList<string> Asked => Place?.Replicas ?? [];

    private ShardPlace? Place => node.Places.Find(KeyTopic.SlotOf(key));

    protected override string NameOf(ViewPeeked answer) => answer.From;

    protected override KeyWhereabouts Conclude(IReadOnlyList<string> asked, IReadOnlyDictionary<string, ViewPeeked> told)
    {
        var (place, newest) = (Place, told.Values.Select(one => one.End).DefaultIfEmpty().Max());
        return new KeyWhereabouts(key, place?.Leader, [.. asked.Select(name => Seen(name, told.GetValueOrDefault(name), newest))])
        {
            Place = place is null ? "no shard table yet" : FormattableString.Invariant($"partition {KeyTopic.PartitionOf(key)} of topic {KeyTopic.Name}, shard {place.Shard}, offset {newest}"),
        };
    }

    private ReplicaWhereabouts Seen(string name, ViewPeeked? peeked, ulong newest) => peeked is null
        ? new ReplicaWhereabouts(name, null, "no answer")
        : new ReplicaWhereabouts(
            name,
            peeked.Written is { } written ? KeyTopic.Version(KeyTopic.PartitionOf(key), written) : null,
            peeked.End < newest ? FormattableString.Invariant($"behind by {newest - peeked.End}") : peeked.Written is null ? "missing" : "current");
}
