using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.CapTunable;

/// <summary>The X-ray of a key: what each node would answer to an eventual read of it now.</summary>
internal sealed class WhereActor(IModeNode node, string key, IActorRef client) : Actor
{
    /// <summary>Whoever is heard has answered by then; of the others that is the answer.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, Peeked> told = new(StringComparer.Ordinal);
    private IReadOnlyList<ClusterMember> members = [];

    protected override void PreStart()
    {
        members = [.. node.Members.Current.Where(member => member.IsUp)];
        var door = Self.Path.Parent!;
        foreach (var member in members)
        {
            Context.System.Resolve(door.WithAddress(new ActorAddress(member.Name, member.Address)).ToString()).Tell(new Peek(key), Self);
        }

        Timers.StartSingle(nameof(Enough), Enough, Enough);
    }

    protected override void Receive(object message)
    {
        if (message is Peeked peeked)
        {
            told[peeked.From] = peeked;
            if (told.Count < members.Count)
            {
                return;
            }
        }

        var partition = PartitionCore.Of(key);
        var newest = told.Values.Select(one => one.Position).DefaultIfEmpty(0).Max();
        client.Tell(
            ModeAnswer.Ok(
                new KeyWhereabouts(key, null, [.. members.Select(member => Seen(member.Name.ToString(), partition, newest))]) { Place = FormattableString.Invariant($"partition {PartitionCore.IdOf(partition)} of {PartitionCore.Count}, at position {newest}") },
                StorageJson.Default.KeyWhereabouts),
            Self);
        Context.Stop(Self);
    }

    private ReplicaWhereabouts Seen(string name, int partition, long newest) => !told.TryGetValue(name, out var peeked)
        ? new ReplicaWhereabouts(name, null, "no answer")
        : new ReplicaWhereabouts(name, KeyVersion.Of(partition, peeked.Written), peeked.Position < newest ? FormattableString.Invariant($"behind by {newest - peeked.Position}") : peeked.HasValue ? "current" : "missing");
}
