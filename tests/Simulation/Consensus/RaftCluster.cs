using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation.Safety;
using Cluster.Shared.Ids;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>
/// A whole Raft group in one thread under virtual time: network, disks, clocks, processes, clients and the oracle that judges every step. One seed
/// fixes everything.
/// </summary>
internal sealed partial class RaftCluster
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(10);

    private readonly PriorityQueue<Action, (long At, long Order)> agenda = new();
    private readonly RaftWeather weather;
    private readonly SimulatedReplica[] replicas;
    private SplitMix64 random;
    private long order;
    private TimeSpan now;
    private bool storming = true;

    public RaftCluster(ulong seed, RaftWeather weather)
    {
        this.weather = weather;
        random = new SplitMix64(seed);
        Oracle = new RaftOracle(() => now, weather.JudgesOnly);
        var founding = RaftConfiguration.Of(Enumerable.Range(1, weather.FoundingVoters).Select(n => new NodeId((uint)n)));
        var drift = weather.Options.MaxClockDrift;
        replicas = new SimulatedReplica[weather.Nodes];
        for (var i = 0; i < weather.Nodes; i++)
        {
            var rate = 1 + ((Chance() * 2 * drift) - drift);
            replicas[i] = new SimulatedReplica(new NodeId((uint)i + 1), i < weather.FoundingVoters ? founding : RaftConfiguration.Empty, rate, Upto(TimeSpan.FromSeconds(1000)));
        }

        cut = new bool[weather.Nodes, weather.Nodes];
    }

    public RaftOracle Oracle { get; }

    /// <summary>Of every message delivered: equal for equal seeds.</summary>
    public ulong Digest { get; private set; }

    public int Crashes { get; private set; }

    public int Pauses { get; private set; }

    public int Partitions => partitionsBegun;

    public int SnapshotsInstalled { get; private set; }

    public int MembershipChanges { get; private set; }

    public int TransfersStarted { get; private set; }

    /// <exception cref="SimulationViolation">A rule is broken.</exception>
    public void Run()
    {
        foreach (var replica in replicas)
        {
            Start(replica);
            Tick(replica);
        }

        Work();
        Fault();
        RunUntil(weather.Storm);
        CalmDown();
        AwaitAgreement();
    }

    private void RunUntil(TimeSpan end)
    {
        while (agenda.TryPeek(out _, out var next) && next.At <= end.Ticks)
        {
            var act = agenda.Dequeue();
            now = TimeSpan.FromTicks(next.At);
            act();
        }

        now = end;
    }

    private void After(TimeSpan delay, Action act) => agenda.Enqueue(act, ((now + delay).Ticks, order++));

    private void Start(SimulatedReplica replica)
    {
        replica.Start(weather.Options, random.Next());
        Turn(replica, static (_, _) => { });
    }

    private void Tick(SimulatedReplica replica)
    {
        if (replica.Runs)
        {
            Turn(replica, static (core, local) => core.Tick(local));
        }

        After(TickEvery, () => Tick(replica));
    }

    /// <summary>One turn of a replica's process: now, or when it runs again, or never if it dies first.</summary>
    private void Turn(SimulatedReplica replica, Action<RaftCore, TimeSpan> act)
    {
        if (!replica.IsUp)
        {
            return;
        }

        if (replica.IsPaused)
        {
            replica.Backlog.Enqueue(() => Turn(replica, act));
            return;
        }

        try
        {
            act(replica.Core, replica.Local(now));
            Drain(replica);
        }
        catch (InvariantViolated broken)
        {
            if (!weather.HaltsOnInvariant)
            {
                Oracle.Break(SafetyRule.CoreInvariant, broken.Message);
            }

            Crash(replica);
        }
    }

    private void Drain(SimulatedReplica replica)
    {
        while (replica.Core.TakeEffects() is { } effects)
        {
            Mirror(replica, effects);
            Send(effects.SendNow);
            if (effects.Persists || effects.SendAfterPersist.Count > 0)
            {
                replica.Unwritten.Enqueue(effects);
                WriteNext(replica);
            }

            Restore(replica, effects);
            Apply(replica, effects);
            foreach (var request in effects.SendSnapshotTo)
            {
                StreamSnapshot(replica, request);
            }
        }

        Oracle.Group.Commits(replica.Trail, replica.Core.CommitIndex.Value, replica.Core.CurrentTerm.Value);

        Compact(replica);
    }

    private void Mirror(SimulatedReplica replica, RaftEffects effects)
    {
        if (effects.RestoreSnapshot is { } snapshot)
        {
            replica.Mirror.Reset(snapshot.Index.Value, snapshot.Term.Value);
        }

        foreach (var entry in effects.Entries)
        {
            Oracle.Group.Appends(replica.Trail, entry);
            replica.Mirror.Append(entry);
        }

        foreach (var happened in effects.Events)
        {
            if (happened is RoleChanged { To: RaftRole.Leader })
            {
                Oracle.Group.Led(replica.Trail, happened.Term.Value);
            }

            TransfersStarted += happened is TransferStarted ? 1 : 0;
        }
    }

    private void WriteNext(SimulatedReplica replica)
    {
        if (replica.DiskIsBusy || replica.DiskFails || replica.Unwritten.Count == 0)
        {
            return;
        }

        replica.DiskIsBusy = true;
        var life = replica.Life;
        After(DiskDelay(), () =>
        {
            if (replica.Life == life && replica.IsUp)
            {
                Written(replica);
            }
        });
    }

    private void Written(SimulatedReplica replica)
    {
        replica.DiskIsBusy = false;
        if (replica.DiskFails)
        {
            return;
        }

        var batch = replica.Unwritten.Dequeue();
        replica.Write(batch);
        Turn(replica, (core, _) =>
        {
            Send(batch.SendAfterPersist);
            core.Persisted(batch.Batch);
        });
        WriteNext(replica);
    }

    private void Restore(SimulatedReplica replica, RaftEffects effects)
    {
        if (effects.RestoreSnapshot is { } snapshot)
        {
            if (!replica.SnapshotFiles.TryGetValue(snapshot.Index.Value, out var file))
            {
                throw new InvalidOperationException($"{replica.Node} restores a snapshot at {snapshot.Index} that is not on its disk");
            }

            (replica.Applied, replica.State) = (file.Meta.Index.Value, file.State);
            Oracle.Group.Reached(replica.Trail, replica.Applied, replica.State, SafetyRule.StateMachineSafety);
            replica.Trail.CommitSeen = Math.Max(replica.Trail.CommitSeen, replica.Applied);
            SnapshotsInstalled++;
        }
    }

    private void Apply(SimulatedReplica replica, RaftEffects effects)
    {
        foreach (var entry in effects.Committed)
        {
            if (entry.Index != replica.Applied + 1)
            {
                throw new InvalidOperationException($"{replica.Node} is given {entry.Index} to apply after {replica.Applied}");
            }

            replica.State = Oracle.ApplyTo(replica, replica.State, entry);
            replica.Applied = entry.Index;
            if (replica.Proposals.Remove(entry.Index, out var term) && term == entry.Term)
            {
                Oracle.Told(entry.Index);
            }
        }

        foreach (var failed in effects.ReadsFailed)
        {
            replica.Reads.Remove(failed);
        }

        foreach (var ready in effects.ReadsReady)
        {
            if (replica.Reads.Remove(ready.ReadId, out var floor))
            {
                replica.ReadsToServe.Add((ready.Index.Value, floor));
            }
        }

        foreach (var (index, floor) in replica.ReadsToServe)
        {
            if (index <= replica.Applied)
            {
                Oracle.ReadServed(replica, index, floor);
            }
        }

        replica.ReadsToServe.RemoveAll(read => read.Index <= replica.Applied);
    }

    private void Compact(SimulatedReplica replica)
    {
        var covered = replica.SnapshotFile?.Meta.Index.Value ?? 0;
        if (replica.Applied >= covered + (ulong)weather.CompactAfter)
        {
            var meta = replica.Core.DescribeSnapshot(new LogIndex(replica.Applied));
            replica.SnapshotFiles.Clear();
            replica.SnapshotFiles.Add(replica.Applied, (meta, replica.State));
            replica.Core.Compact(meta.Index);
            replica.CompactDisk();
        }
    }

    private double Chance() => (random.Next() >> 11) * (1.0 / (1UL << 53));

    private int Below(int bound) => (int)(random.Next() % (ulong)bound);

    private TimeSpan Upto(TimeSpan longest) => random.Between(TimeSpan.Zero, longest);

    private TimeSpan DiskDelay() => Chance() < 0.02
        ? Upto(TimeSpan.FromMilliseconds(120))
        : random.Between(TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(3));
}
