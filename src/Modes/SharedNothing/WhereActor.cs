using System.Text;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Slots;

namespace Cluster.Modes.SharedNothing;

/// <summary>The X-ray of a key: the shard of its hash slot, who leads it, and what each replica has of the key.</summary>
internal sealed class WhereActor(IModeNode node, string key, IActorRef client) : SurveyActor<KeyPeeked>(node, new PeekKey(key), client)
{
    private readonly IModeNode node = node;
    private readonly string key = key;

    protected override IReadOnlyList<string> Asked => Place?.Replicas ?? [];

    protected override string NameOf(KeyPeeked answer) => answer.From;

    protected override KeyWhereabouts Conclude(IReadOnlyList<string> asked, IReadOnlyDictionary<string, KeyPeeked> told)
    {
        var (place, newest) = (Place, told.Values.Select(one => one.Revision).DefaultIfEmpty().Max());
        return new KeyWhereabouts(key, place?.Leader, [.. asked.Select(name => Seen(name, told.GetValueOrDefault(name), newest))])
        {
            Place = place is null ? "no shard table yet" : FormattableString.Invariant($"hash slot {Slot}, shard {place.Shard}"),
        };
    }

    private int Slot => HashSlot.Of(Encoding.UTF8.GetBytes(key));

    private ShardPlace? Place => node.Places.Find(Slot);

    private static ReplicaWhereabouts Seen(string name, KeyPeeked? peeked, ulong newest) => peeked is null
        ? new ReplicaWhereabouts(name, null, "no answer")
        : new ReplicaWhereabouts(name, KeyActor.Version(peeked.Revision), peeked.Revision == 0 ? "missing" : peeked.Revision < newest ? "behind" : "current");
}
