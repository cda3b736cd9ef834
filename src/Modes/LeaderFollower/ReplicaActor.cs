using System.Diagnostics.Metrics;
using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.LeaderFollower;

/// <summary>A node's replica on its journal: carries out what <see cref="ReplicaCore"/> decides.</summary>
internal sealed class ReplicaActor : PersistentActor
{
    public const string ActorName = "replica";

    /// <summary>Messages that wait here; more are dropped, and sent again.</summary>
    public const int MailboxCapacity = 50_000;

    /// <summary>Events that have room to finish what is under way when the disk stands still.</summary>
    private const int SpareEvents = 1_000;

    /// <summary>Half a heartbeat: what is due is late by no more.</summary>
    private static readonly TimeSpan BusyTick = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan IdleTick = TimeSpan.FromSeconds(1);

    private readonly IModeNode node;
    private readonly ReplicaPeers peers;
    private readonly ReplicaCore core;
    private readonly IShardRegion set;
    private readonly Counter<long> lost;
    private readonly Counter<long> failovers;
    private readonly Gauge<double> lag;
    private IReadOnlyList<ClusterMember> members = [];
    private IReadOnlyList<string> up = [];
    private TimeSpan? ticks;

    public ReplicaActor(IModeNode node)
    {
        this.node = node;
        peers = new ReplicaPeers(node, Context.Parent);
        core = new ReplicaCore(node.Name.ToString(), node.HasFlaw(LeaderFollowerMode.Unfenced), node.HasFlaw(LeaderFollowerMode.PromoteStale));
        set = node.Sharding.Start(ReplicaSetDecider.Type);
        lost = node.Meter.CreateCounter<long>("leader-follower.lost", "{write}", "Writes that this node acknowledged with ack=async as the leader, and that a failover took back");
        failovers = node.Meter.CreateCounter<long>("leader-follower.elected", "{election}", "Epochs in which this node became the leader");
        lag = node.Meter.CreateGauge<double>("leader-follower.lag", "s", "How far this node's copy may be behind the leader's");
    }

    protected override string PersistenceId => "leader-follower";

    private TimeSpan Now => Context.System.Time.Elapsed();

    private long Wall => Context.System.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The members that are up, the oldest first.</summary>
    private IReadOnlyList<string> Up
    {
        get
        {
            if (!ReferenceEquals(members, node.Members.Current))
            {
                members = node.Members.Current;
                up = [.. members.Where(member => member.IsUp).OrderBy(member => member.Age).Select(member => member.Name.ToString())];
            }

            return up;
        }
    }

    protected override void ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: var bytes }:
                core.Restore(JsonSerializer.Deserialize(bytes, LeaderFollowerJson.Default.ReplicaSnapshot)!);
                break;
            case RecoveryCompleted:
                core.Begin(Now);
                KeepTime();
                break;
            default:
                core.Recover(message);
                break;
        }
    }

    protected override void ReceiveCommand(object message)
    {
        if (message is EntityUnavailable or EntityRefused)
        {
            return; // No word of the set in time: the core asks again.
        }

        if (IsBehind(SpareEvents) && (message is ReplicaCall or AppendEntries or StatePart))
        {
            return; // The disk stands still: nothing more goes into its queue, and whoever sent it sends it again.
        }

        CarryOut(core.Step(message, Now, Wall, Up));
        KeepTime();
        if (message is ReplicaTick && core.Age is { } age)
        {
            lag.Record(age.TotalSeconds);
        }
    }

    protected override byte[] TakeSnapshot() => JsonSerializer.SerializeToUtf8Bytes(core.Snapshot(), LeaderFollowerJson.Default.ReplicaSnapshot);

    /// <summary>Ticks from the first use on, slower when nobody asks for anything.</summary>
    private void KeepTime()
    {
        TimeSpan? wanted = core.IsBusy ? BusyTick : core.IsInUse ? IdleTick : null;
        if (wanted is { } interval && wanted != ticks)
        {
            ticks = wanted;
            Timers.StartPeriodic(nameof(ReplicaTick), ReplicaTick.Instance, interval);
        }
    }

    private void CarryOut(IReadOnlyList<ReplicaEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case ReplicaEffect.Persist persist:
                    PersistAsync(persist.Event, happened => CarryOut(core.Persisted(happened, Now, Up)));
                    break;
                case ReplicaEffect.ToReplica { AfterDisk: true } send:
                    DeferAsync(() => peers.TellReplica(send.Node, send.Message, Self));
                    break;
                case ReplicaEffect.ToReplica send:
                    peers.TellReplica(send.Node, send.Message, Self);
                    break;
                case ReplicaEffect.ToDoor send:
                    peers.TellDoor(send.Node, send.Message, Self);
                    break;
                case ReplicaEffect.AskSet ask:
                    DeferAsync(() => set.Tell(new ToEntity(ReplicaSetDecider.SetId, ask.Command), Self));
                    break;
                case ReplicaEffect.LeaderIs known:
                    Context.Parent.Tell(known, Self);
                    failovers.Add(known.Leader == node.Name.ToString() ? 1 : 0);
                    break;
                case ReplicaEffect.Note note:
                    node.Tell(note.Happened);
                    lost.Add(note.Lost);
                    break;
            }
        }
    }
}
