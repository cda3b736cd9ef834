using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.MultiMaster;

/// <content>
/// What replicas send each other. Any message may be lost, doubled or late: what is missing then is found when clocks are compared. While all is equal that is seldom; it begins with the first key.
/// </content>
internal sealed partial class MultiMasterActor
{
    /// <summary>Between two comparisons while something happens: a lost message costs that long.</summary>
    private static readonly TimeSpan BusyInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between two comparisons when all others were equal and nothing has been written since.</summary>
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(5);

    /// <summary>For a page under load.</summary>
    private static readonly TimeSpan PagePatience = TimeSpan.FromSeconds(1);

    /// <summary>How long a <c>where</c> waits for a replica.</summary>
    private static readonly TimeSpan XrayPatience = TimeSpan.FromSeconds(1);

    /// <summary>An X-ray is a person's question: more at once are a mistake.</summary>
    private const int MostXrays = 1_000;

    private readonly Dictionary<long, KeyXray> xrays = [];
    private FetchState? fetching;
    private long lastXray;
    private int equals;
    private TimeSpan? comparedAt;

    /// <returns>False: it is none of these.</returns>
    private bool HearReplica(object message)
    {
        switch (message)
        {
            case ObjectWritten written when HasRoom:
                Take(written);
                break;
            case CompareClocks compare:
                Compare(compare);
                break;
            case FetchObjects fetch:
                Send(Sender, core.PageFor(fetch.Known, fetch.After));
                break;
            case FetchedObjects page when HasRoom:
                TakePage(page);
                break;
            case CompareBuckets compare:
                CompareTree(compare);
                break;
            case FetchBuckets fetch:
                Send(Sender, core.InBuckets(fetch.Buckets, Context.System.Random.Next()));
                break;
            case BucketObjects inside when HasRoom:
                MergeDurably(inside.Objects);
                break;
            case AskVersions ask:
                Send(Sender, new ToldVersions(ask.Id, core.Versions(ask.Key)));
                break;
            case ToldVersions told:
                HearXray(told);
                break;
            case CompareNow:
                CompareWithOne();
                break;
            case PageMissing:
                AskAgain();
                break;
            case XrayOver over:
                EndXray(over.Id);
                break;
            default:
                return message is ObjectWritten or FetchedObjects or BucketObjects; // Without room: it comes again.
        }

        return true;
    }

    private bool HasRoom => !IsBehind(SpareEvents);

    private void Take(ObjectWritten written)
    {
        if (core.Take(written))
        {
            PersistAsync(written, static _ => { });
        }

        WakeIfNeeded();
    }

    /// <summary>Something is here, or has changed: comparisons begin, or come at their usual pace again.</summary>
    private void WakeIfNeeded()
    {
        if (core.Objects > 0 && (equals > 0 || !Timers.IsActive(nameof(CompareNow))))
        {
            equals = 0;
            Timers.StartSingle(nameof(CompareNow), CompareNow.Instance, BusyInterval);
        }
    }

    private void CompareWithOne()
    {
        var others = Others();
        if (others.Count > 0)
        {
            Send(ReplicaOn(others[Context.System.Random.Next(others.Count)]), new CompareClocks(core.Known, core.Hash, IsReply: false));
        }

        Timers.StartSingle(nameof(CompareNow), CompareNow.Instance, equals > others.Count ? QuietInterval : BusyInterval);
    }

    private void Compare(CompareClocks compare)
    {
        if (!core.Known.Covers(compare.Known))
        {
            Fetch(Sender);
        }

        if (!compare.Known.Covers(core.Known))
        {
            if (!compare.IsReply)
            {
                Send(Sender, new CompareClocks(core.Known, core.Hash, IsReply: true));
            }
        }
        else if (core.Known.Covers(compare.Known))
        {
            CompareHash(compare);
        }

        if (compare.Hash != core.Hash)
        {
            WakeIfNeeded();
        }
    }

    /// <summary>Both know the same updates.</summary>
    private void CompareHash(CompareClocks compare)
    {
        comparedAt = Context.System.Time.Elapsed();
        if (compare.Hash != core.Hash)
        {
            Send(Sender, new CompareBuckets(core.BucketHashes));
            return;
        }

        equals++;
        core.FoundEqual();
        if (!compare.IsReply)
        {
            Send(Sender, new CompareClocks(core.Known, core.Hash, IsReply: true));
        }
    }

    private void CompareTree(CompareBuckets compare)
    {
        var different = core.Compare(compare.Hashes);
        if (different.Count > 0)
        {
            node.Tell($"{different.Count} of {DigestTree.BucketCount} buckets differ from {Sender.Path.Address?.Node.ToString() ?? "another replica"} though both know the same updates: exchanging them");
            Send(Sender, core.InBuckets(different, Context.System.Random.Next()));
            Send(Sender, new FetchBuckets(different));
        }
    }

    private void Fetch(IActorRef from)
    {
        if (fetching is null)
        {
            fetching = new FetchState(from, core.Known, null, null, 0);
            AskForPage();
        }
    }

    private void AskForPage()
    {
        fetching!.From.Tell(fetching.Question, Self);
        Timers.StartSingle(nameof(PageMissing), PageMissing.Instance, PagePatience);
    }

    private void AskAgain()
    {
        fetching = fetching is { Silences: < FetchState.MostSilences } ? fetching with { Silences = fetching.Silences + 1 } : null;
        if (fetching is not null)
        {
            AskForPage();
        }
    }

    private void TakePage(FetchedObjects page)
    {
        if (fetching is null || page.After != fetching.After || !Equals(fetching.From.Path, Sender.Path))
        {
            return; // Late, or doubled.
        }

        MergeDurably(page.Objects);
        var aim = fetching.Aim ?? page.Known;
        if (page.Next is { } next)
        {
            fetching = fetching with { After = next, Aim = aim, Silences = 0 };
            AskForPage();
            return;
        }

        fetching = null;
        Timers.Cancel(nameof(PageMissing));
        core.Raise(aim);
        PersistAsync(new ClockRaised(aim), static _ => { });
    }

    private void MergeDurably(IReadOnlyList<ReplicatedObject> objects)
    {
        if (Merge(objects) is { Count: > 0 } changed)
        {
            PersistAsync(new ObjectsMerged(changed), static _ => { });
            WakeIfNeeded();
        }
    }

    private List<ReplicatedObject> Merge(IReadOnlyList<ReplicatedObject> objects) => [.. objects.Where(core.Merge)];

    private void Xray(string key)
    {
        if (xrays.Count == MostXrays)
        {
            Answer(ModeAnswer.Unavailable($"{node.Name} is at work on {MostXrays} questions of this kind: ask again later"));
            return;
        }

        var others = Others();
        var id = ++lastXray;
        var xray = new KeyXray(Sender, key, [node.Name.ToString(), .. others.Select(member => member.Name.ToString())]);
        xrays.Add(id, xray);
        xray.Told(node.Name.ToString(), core.Versions(key));
        Timers.StartSingle(id, new XrayOver(id), XrayPatience);
        foreach (var other in others)
        {
            ReplicaOn(other).Tell(new AskVersions(id, key), Self);
        }

        EndXray(id, onlyIfComplete: true);
    }

    private void HearXray(ToldVersions told)
    {
        if (xrays.TryGetValue(told.Id, out var xray) && Sender.Path.Address is { } from)
        {
            xray.Told(from.Node.ToString(), told.Versions);
            EndXray(told.Id, onlyIfComplete: true);
        }
    }

    private void EndXray(long id, bool onlyIfComplete = false)
    {
        if (xrays.TryGetValue(id, out var xray) && (xray.IsComplete || !onlyIfComplete))
        {
            xrays.Remove(id);
            Timers.Cancel(id);
            var ago = comparedAt is { } at ? (Context.System.Time.Elapsed() - at).TotalMilliseconds : (double?)null;
            Send(xray.Client, ModeAnswer.Ok(xray.Answer(node.Name.ToString(), core.LastDifference, ago), StorageJson.Default.KeyWhereabouts));
        }
    }

    private List<ClusterMember> Others() => [.. node.Members.Current.Where(member => member.IsUp && member.Name != node.Name)];

    private IActorRef ReplicaOn(ClusterMember member) => Context.System.Resolve(Self.Path.WithAddress(new ActorAddress(member.Name, member.Address)).WithUid(0).ToString());

    private sealed record CompareNow
    {
        public static readonly CompareNow Instance = new();
    }

    private sealed record PageMissing
    {
        public static readonly PageMissing Instance = new();
    }

    private sealed record XrayOver(long Id);
}
