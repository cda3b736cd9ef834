using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Quorum;

/// <summary>
/// The replica on its node's disk: stores, and answers once it is durable. With its first key it begins to hand over what it keeps for others, to compare itself with one other member after another, and to forget
/// old tombstones.
/// </summary>
internal sealed class ReplicaActor : PersistentActor
{
    public const string ActorName = "replica";

    /// <summary>Messages that wait here; more are dropped, and sent again by whoever wants an answer.</summary>
    public const int MailboxCapacity = 50_000;

    /// <summary>Events that have room to finish what is under way when the disk stands still.</summary>
    private const int SpareEvents = 2_000;

    /// <summary>Rounds of anti-entropy between two questions about old tombstones: nothing of that is urgent.</summary>
    private const int RoundsBetweenCollections = 30;

    /// <summary>Names of a node's stays are drawn from so many: two of one key never meet, and a context that lists dozens of them stays short.</summary>
    private const long StaysMax = 1L << 48;

    private readonly IModeNode node;
    private readonly ReplicaCore core;
    private readonly RingView view;
    private readonly QuorumMetrics metrics;
    private readonly TimeProvider time;
    private readonly bool losesHints;
    private readonly long start;
    private TimeSpan placed;
    private int round;
    private int rounds;

    public ReplicaActor(IModeNode node, QuorumMetrics metrics)
    {
        (this.node, this.metrics, time) = (node, metrics, node.System.Time);
        core = new ReplicaCore(node.Name.ToString()) { FollowsEveryChild = !node.HasFlaw(QuorumMode.MerkleSkips) };
        losesHints = node.HasFlaw(QuorumMode.HintLost);
        view = new RingView(node);
        start = time.GetTimestamp();
        Place();
    }

    protected override string PersistenceId => "quorum";

    /// <summary>Of a clock that never goes back: since this life of the replica began.</summary>
    private TimeSpan Now => time.GetElapsedTime(start);

    protected override void ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: var bytes }:
                core.Restore(JsonSerializer.Deserialize(bytes, QuorumJson.Default.ReplicaSnapshot)!);
                break;
            case RecoveryCompleted:
                metrics.HintsChanged(core.Hints);
                Wake();
                break;
            default:
                core.Apply(message);
                break;
        }
    }

    protected override void ReceiveCommand(object message)
    {
        Place();
        switch (message)
        {
            case ReadKey asked:
                Read(asked);
                break;
            case StoreKey asked:
                Store(asked, Sender);
                break;
            case AddVersion asked:
                Number(asked, Sender);
                break;
            case HandOff other:
                Take(other, Sender);
                break;
            case HandOffTaken taken when core.EndHandOff(taken) is { } forgotten:
                Keep(forgotten, () => HandOver(taken.From));
                break;
            case CompareTrees other:
                Answer(core.Compare(other, Now));
                break;
            case CompareKeys other:
                Repair(other);
                break;
            case RepairKeys other:
                Take(other, Sender);
                break;
            case ProposeForgetting proposed:
                Answer(core.Confirm(proposed));
                break;
            case ConfirmForgetting by:
                Count(by);
                break;
            case ForgetTombstones told:
                Collect(told);
                break;
            case Round:
                Begin();
                break;
            case HandOffTaken:
                break; // Late.
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        metrics.HintsChanged(-core.Hints);
        base.PostStop();
    }

    protected override byte[] TakeSnapshot() => JsonSerializer.SerializeToUtf8Bytes(core.Snapshot(), QuorumJson.Default.ReplicaSnapshot);

    private void Read(ReadKey asked)
    {
        if (WhyNot(asked.Ring) is { } why)
        {
            Answer(new QuorumRefused(asked.Id, node.Name.ToString(), why));
            return;
        }

        var read = core.Read(asked);
        Answer(asked.WithHints ? read with { ComparedMsAgo = core.Compared is { } then ? Math.Round((Now - then).TotalMilliseconds) : null, Difference = core.Compared is null ? null : core.Difference } : read);
    }

    private void Store(StoreKey asked, IActorRef sender)
    {
        if ((WhyNot(asked.Ring) ?? WhyNotNow() ?? core.WhyNot(asked)) is { } why)
        {
            Answer(new QuorumRefused(asked.Id, node.Name.ToString(), why));
            return;
        }

        if (core.Store(asked) is { } happened)
        {
            Keep(happened, Stored);
        }
        else
        {
            Stored(); // What is applied is durable.
        }

        void Stored()
        {
            if (asked.Id != 0)
            {
                sender.Tell(new KeyStored(asked.Id, node.Name.ToString()), Self);
            }
        }
    }

    private void Number(AddVersion asked, IActorRef sender)
    {
        if ((WhyNot(asked.Ring) ?? WhyNotNow()) is { } why)
        {
            Answer(new QuorumRefused(asked.Id, node.Name.ToString(), why));
            return;
        }

        if (core.HasNumbered(asked.Write))
        {
            DeferAsync(Numbered); // The same again: by then the first is durable.
            return;
        }

        if (core.WhyRefused(asked.Write) is { } before)
        {
            DeferAsync(() => Refused(before)); // Likewise.
            return;
        }

        var happened = core.Number(asked, Context.System.Random.NextInt64(StaysMax));
        Keep(happened, happened is VersionRefused refused ? () => Refused(refused.Why) : Numbered);

        void Refused(string why) => sender.Tell(new QuorumRefused(asked.Id, node.Name.ToString(), why, IsFinal: true), Self);

        void Numbered() => sender.Tell(new VersionAdded(asked.Id, node.Name.ToString(), core.Known(asked.Key)), Self);
    }

    private void Take(HandOff other, IActorRef sender)
    {
        if (WhyNotNow() is not null || core.Take(other) is not { } events)
        {
            return; // The sender keeps it, and tries again.
        }

        foreach (var happened in events)
        {
            Keep(happened);
        }

        DeferAsync(() => sender.Tell(new HandOffTaken(other.Number, node.Name.ToString()), Self));
    }

    private void Repair(CompareKeys other)
    {
        var repair = core.Compare(other, Now);
        metrics.Differed(repair is null ? 0 : core.Difference);
        Answer(repair);
    }

    private void Take(RepairKeys other, IActorRef sender)
    {
        if (WhyNotNow() is not null)
        {
            return;
        }

        foreach (var happened in core.Take(other))
        {
            metrics.Repaired(1);
            Keep(happened);
        }

        if (core.Give(other) is { } given)
        {
            Answer(given);
        }
        else if (other.Keys.Count > 0 && rounds++ < QuorumBounds.MostRounds)
        {
            // There may be more than one exchange carries: the next begins once this one is on the disk.
            DeferAsync(() =>
            {
                if (core.BeginComparison(other.From) is { } next)
                {
                    sender.Tell(next, Self);
                }
            });
        }
    }

    /// <summary>One round: whatever waits for somebody who is there, one comparison, and now and then old tombstones.</summary>
    private void Begin()
    {
        rounds = 0;
        foreach (var receiver in core.Receivers.Where(receiver => view.Ring.Members.Contains(receiver) && !view.Away.Contains(receiver)))
        {
            HandOver(receiver);
        }

        if (Now - placed >= QuorumBounds.RingSettles && WhyNotNow() is null)
        {
            foreach (var happened in core.Move().Concat(core.Redirect()))
            {
                Keep(happened);
            }
        }

        var peers = view.Ring.Members.Where(member => member != node.Name.ToString() && !view.Away.Contains(member)).ToList();
        if (peers.Count > 0 && core.BeginComparison(peers[++round % peers.Count]) is { } comparison)
        {
            Tell(peers[round % peers.Count], comparison);
        }

        if (round % RoundsBetweenCollections == 0 && core.ProposeForgetting(Now) is { } proposed)
        {
            TellAll(proposed);
            Count(core.Confirm(proposed)!);
        }
    }

    private void HandOver(string receiver)
    {
        if (core.BeginHandOff(receiver) is not { } batch)
        {
            return;
        }

        if (losesHints)
        {
            Keep(core.EndHandOff(new HandOffTaken(batch.Number, receiver))!);
            return;
        }

        Tell(receiver, batch);
    }

    private void Count(ConfirmForgetting by)
    {
        if (core.Confirmed(by, Now) is { } all)
        {
            TellAll(all);
            Collect(all);
        }
    }

    private void Collect(ForgetTombstones told)
    {
        foreach (var happened in core.Collect(told))
        {
            Keep(happened);
        }
    }

    /// <summary>Makes an event durable, then applies it.</summary>
    private void Keep(object happened, Action? then = null) => PersistAsync(happened, kept =>
    {
        var hints = core.Hints;
        core.Apply(kept);
        metrics.HintsChanged(core.Hints - hints);
        Wake();
        then?.Invoke();
    });

    private void Place()
    {
        if (view.Refresh())
        {
            core.Place(view.Ring);
            placed = Now;
        }
    }

    private void Wake()
    {
        if (!core.IsEmpty && !Timers.IsActive(nameof(Round)))
        {
            Timers.StartPeriodic(nameof(Round), Round.Instance, QuorumBounds.AntiEntropyInterval);
        }
    }

    /// <summary>Two who take different nodes for members mean different copies of a key: their quorums need not meet.</summary>
    private string? WhyNot(ulong ring) => ring == 0 || ring == view.Ring.Id ? null : $"it takes {string.Join(", ", view.Ring.Members)} for the members";

    private string? WhyNotNow() => IsBehind(SpareEvents) ? $"its disk has not taken its last {PendingEvents} writes" : null;

    private void Answer(object? answer)
    {
        if (answer is not null)
        {
            Sender.Tell(answer, Self);
        }
    }

    private void TellAll(object message)
    {
        foreach (var member in view.Ring.Members.Where(member => member != node.Name.ToString()))
        {
            Tell(member, message);
        }
    }

    private void Tell(string member, object message) => view.Find(Context.System, member)?.Tell(message, Self);

    private sealed record Round
    {
        public static readonly Round Instance = new();
    }
}
