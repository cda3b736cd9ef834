using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.CapTunable;

/// <summary>The X-ray of a key: what each node would answer to an eventual read of it now.</summary>
internal sealed class WhereActor(IModeNode node, string key, IActorRef client) : SurveyActor<Peeked>(node, new Peek(key), client)
{
    private readonly string key = key;

    protected override string NameOf(Peeked answer) => answer.From;

    protected override KeyWhereabouts Conclude(IReadOnlyList<string> asked, IReadOnlyDictionary<string, Peeked> told)
    {
        var partition = PartitionCore.Of(key);
        var newest = told.Values.Select(one => one.Position).DefaultIfEmpty(0).Max();
        return new KeyWhereabouts(key, null, [.. asked.Select(name => Seen(name, told.GetValueOrDefault(name), partition, newest))])
        {
            Place = FormattableString.Invariant($"partition {PartitionCore.IdOf(partition)} of {PartitionCore.Count}, at position {newest}"),
        };
    }

    private static ReplicaWhereabouts Seen(string name, Peeked? peeked, int partition, long newest) => peeked is null
        ? new ReplicaWhereabouts(name, null, "no answer")
        : new ReplicaWhereabouts(name, KeyVersion.Of(partition, peeked.Written), peeked.Position < newest ? FormattableString.Invariant($"behind by {newest - peeked.Position}") : peeked.HasValue ? "current" : "missing");
}
