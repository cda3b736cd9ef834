using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.DistributedDatabase;

/// <summary>The X-ray of a key: its range, what each node's replica has of it, its versions, the intent on it, and the record that the intent points at.</summary>
internal sealed class WhereActor(IModeNode node, IShardRegion ranges, string key, IActorRef client) : Actor
{
    /// <summary>Whoever is heard has answered by then; of the others that is the answer.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, Inspected> told = new(StringComparer.Ordinal);
    private readonly HashSet<string> heard = new(StringComparer.Ordinal);
    private IReadOnlyList<ClusterMember> members = [];
    private Standing? standing;
    private bool asksRecord;

    private int Range => Keyspace.RangeOf(key);

    /// <summary>What the leader has, which decides; else the furthest of those that have answered. The clock alone does not tell: an intent that is resolved need not move it.</summary>
    private Inspected? Newest => (Leader is { } leader ? told.GetValueOrDefault(leader) : null) ?? told.Values.OrderByDescending(one => one.Clock).ThenByDescending(NewestVersion).FirstOrDefault();

    private string? Leader => node.Sharding.LeaderOf(RangeDecider.Type, Keyspace.IdOf(Range))?.ToString();

    protected override void PreStart()
    {
        members = [.. node.Members.Current.Where(member => member.IsUp)];
        var door = Self.Path.Parent!;
        foreach (var member in members)
        {
            Context.System.Resolve(door.WithAddress(new ActorAddress(member.Name, member.Address)).ToString()).Tell(new InspectKey(key), Self);
        }

        Timers.StartSingle(nameof(Enough), Enough, Enough);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case KeyInspected inspected:
                heard.Add(inspected.From);
                if (inspected.Seen is { } seen)
                {
                    told[inspected.From] = seen;
                }

                if (heard.Count == members.Count)
                {
                    AskRecord();
                }

                break;
            case TimeSpan when !asksRecord:
                AskRecord();
                break;
            case Standing known:
                standing = known;
                Answer();
                break;
            default:
                Answer();
                break;
        }
    }

    private void AskRecord()
    {
        if (asksRecord)
        {
            return;
        }

        asksRecord = true;
        if (Newest?.Intent is { } intent)
        {
            Timers.StartSingle(nameof(Enough), Enough, Enough);
            ranges.Tell(new ToEntity(Keyspace.IdOf(intent.Anchor), new Look(intent.Transaction)), Self);
        }
        else
        {
            Answer();
        }
    }

    private void Answer()
    {
        var newest = Newest;
        client.Tell(
            ModeAnswer.Ok(
                new KeyWhereabouts(key, Leader, [.. members.Select(member => Seen(member.Name.ToString(), newest))])
                {
                    Place = newest is null
                        ? $"range {Keyspace.IdOf(Range)} of {Keyspace.Ranges}, by a hash of the key"
                        : $"range {Keyspace.IdOf(Range)} of {Keyspace.Ranges}, by a hash of the key; clock {Timestamp.Text(newest.Clock)}, {newest.Rows} rows, {newest.Intents} intents, {newest.Records} records",
                    Versions = newest is null ? null : [.. newest.Versions.Select(version => version.Value is null ? $"{Timestamp.Text(version.At)} deleted" : $"{Timestamp.Text(version.At)} {Shown(version.Value)}")],
                    Intent = newest?.Intent is { } intent ? $"{intent.Transaction} makes it {(intent.Value is null ? "deleted" : Shown(intent.Value))}; it read at {Timestamp.Text(intent.Start)}; its record in {Keyspace.IdOf(intent.Anchor)} is {Words()}" : null,
                },
                StorageJson.Default.KeyWhereabouts),
            Self);
        Context.Stop(Self);
    }

    private string Words() => standing switch
    {
        null => "not answered",
        { Status: TransactionStatus.Committed } => $"committed at {Timestamp.Text(standing.At)}",
        { Status: TransactionStatus.Pending, At: > 0 } => $"pending, to commit later than {Timestamp.Text(standing.At)}",
        _ => standing.Status.ToString().ToLowerInvariant(),
    };

    private ReplicaWhereabouts Seen(string name, Inspected? newest) => !told.TryGetValue(name, out var seen)
        ? new ReplicaWhereabouts(name, null, "no answer")
        : new ReplicaWhereabouts(
            name,
            seen.Versions.Length == 0 ? null : Timestamp.Text(seen.Versions[0].At),
            seen.Clock < newest!.Clock || NewestVersion(seen) < NewestVersion(newest) ? "behind" : seen.Versions.Length == 0 ? "missing" : seen.Versions[0].Value is null ? "deleted" : "current");

    private static long NewestVersion(Inspected one) => one.Versions.Length == 0 ? 0 : one.Versions[0].At;

    private static string Shown(string value) => value.Length <= 40 ? value : value[..40] + "...";
}
