using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation.Safety;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>What goes wrong, and how it is put right at the end.</summary>
internal sealed partial class RaftCluster
{
    private int partitionsBegun;

    private void Fault()
    {
        if (!storming)
        {
            return;
        }

        var anyone = replicas[Below(replicas.Length)];
        switch (Chance() < weather.BridgeShare ? 3 : Below(11))
        {
            case 0 or 1:
                var isolated = LeaderOrAny();
                Partition((from, to) => (from == isolated) != (to == isolated));
                break;
            case 2:
                var (deafOrMute, deaf) = (LeaderOrAny(), Chance() < 0.5);
                Partition((from, to) => from != to && (deaf ? to : from) == deafOrMute);
                break;
            case 3:
                Bridge(LeaderOrAny());
                break;
            case 4:
                var sides = random.Next();
                Partition((from, to) => ((sides >> (int)from.Node.Value) & 1) != ((sides >> (int)to.Node.Value) & 1));
                break;
            case 5:
                Partition((_, _) => Chance() < 0.25);
                break;
            case 6 or 7:
                Crash(Chance() < 0.5 ? anyone : LeaderOrAny());
                break;
            case 8:
                Pause(Chance() < 0.5 ? anyone : LeaderOrAny());
                break;
            case 9:
                FailDisk(Chance() < 0.7 ? anyone : LeaderOrAny());
                break;
            default:
                if (Chance() < 0.3)
                {
                    Array.ForEach(replicas, Crash);
                }

                break;
        }

        After(Upto(weather.FaultEvery * 2), Fault);
    }

    /// <summary>The leader and one other do not hear each other; when that one has lost patience, one between them dies and may be back at once.</summary>
    private void Bridge(SimulatedReplica leader)
    {
        var at = Array.IndexOf(replicas, leader);
        var far = replicas[(at + 1 + Below(replicas.Length - 1)) % replicas.Length];
        var between = replicas[Below(replicas.Length)];
        Partition((from, to) => (from == leader && to == far) || (from == far && to == leader));
        if (between != leader && between != far)
        {
            After(random.Between(weather.Options.ElectionTimeoutMin, weather.Options.ElectionTimeoutMax), () => Crash(between));
        }
    }

    /// <summary>Cuts links, each direction by itself, and mends them after a while, unless another partition came between.</summary>
    private void Partition(Func<SimulatedReplica, SimulatedReplica, bool> cuts)
    {
        var begun = ++partitionsBegun;
        foreach (var from in replicas)
        {
            foreach (var to in replicas)
            {
                cut[from.Node.Value - 1, to.Node.Value - 1] = cuts(from, to);
            }
        }

        After(random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1500)), () =>
        {
            if (begun == partitionsBegun)
            {
                Array.Clear(cut);
            }
        });
    }

    private void Crash(SimulatedReplica replica)
    {
        if (!replica.IsUp)
        {
            return;
        }

        Crashes++;
        replica.Crash(survivors: Below(3), tornRecords: Below(6));
        var isQuick = Chance() < weather.QuickRestarts;
        After(isQuick ? Upto(TimeSpan.FromMilliseconds(20)) : Upto(weather.LongestRestart), () =>
        {
            if (!replica.IsUp)
            {
                Start(replica);
            }
        });
    }

    private void Pause(SimulatedReplica replica)
    {
        if (!replica.Runs)
        {
            return;
        }

        Pauses++;
        replica.IsPaused = true;
        var life = replica.Life;
        After(random.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1500)), () =>
        {
            if (replica.Life == life)
            {
                Resume(replica);
            }
        });
    }

    private void Resume(SimulatedReplica replica)
    {
        replica.IsPaused = false;
        for (var waiting = replica.Backlog.Count; waiting > 0 && replica.Backlog.TryDequeue(out var act); waiting--)
        {
            // Clients ask a process that has just woken up before it has noticed that time passed.
            LeaseRead(replica);
            Read(replica);
            act();
        }
    }

    private void FailDisk(SimulatedReplica replica)
    {
        if (!replica.Runs || replica.DiskFails)
        {
            return;
        }

        replica.DiskFails = true;
        Turn(replica, static (core, _) => core.StorageFailed());
        var life = replica.Life;
        After(random.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1200)), () =>
        {
            if (replica.Life == life && replica.IsUp)
            {
                MendDisk(replica);
            }
        });
    }

    private void MendDisk(SimulatedReplica replica)
    {
        if (!replica.DiskFails)
        {
            return;
        }

        replica.DiskFails = false;
        var life = replica.Life;
        while (replica.Life == life && replica.IsUp && !replica.DiskIsBusy && replica.Unwritten.TryDequeue(out var batch))
        {
            replica.Write(batch);
            Turn(replica, (core, _) =>
            {
                Send(batch.SendAfterPersist);
                core.Persisted(batch.Batch);
            });
        }

        if (replica.Unwritten.Count > 0)
        {
            // The write that failed under way reports first.
            replica.DiskFails = true;
            After(TimeSpan.FromMilliseconds(1), () =>
            {
                if (replica.Life == life && replica.IsUp)
                {
                    MendDisk(replica);
                }
            });
            return;
        }

        Turn(replica, static (core, _) => core.StorageRecovered());
    }

    private SimulatedReplica LeaderOrAny() =>
        Array.Find(replicas, r => r.Runs && r.Core.Role == RaftRole.Leader) ?? replicas[Below(replicas.Length)];

    private void CalmDown()
    {
        storming = false;
        partitionsBegun++;
        Array.Clear(cut);
        foreach (var replica in replicas)
        {
            if (!replica.IsUp)
            {
                Start(replica);
            }

            Resume(replica);
            MendDisk(replica);
        }
    }

    /// <summary>Liveness: within some elections' time a leader commits a new entry, and every member of its configuration applies it.</summary>
    private void AwaitAgreement()
    {
        var deadline = now + TimeSpan.FromSeconds(12);
        var asked = 0UL;
        while (now < deadline)
        {
            RunUntil(now + TimeSpan.FromMilliseconds(50));
            var leader = replicas.Where(r => r.Runs && r.Core.Role == RaftRole.Leader).MaxBy(r => r.Core.CurrentTerm);
            if (leader is null)
            {
                continue;
            }

            if (asked > 0 && Oracle.Acknowledged >= asked && MembersAgree(leader, asked))
            {
                return;
            }

            if (Oracle.Acknowledged >= asked || !leader.Proposals.ContainsKey(asked))
            {
                asked = asked > 0 && Oracle.Acknowledged >= asked ? asked : Propose(leader) ?? asked;
            }
        }

        Oracle.Break(SafetyRule.Liveness, "all is healed, and still: " + string.Join("; ", replicas.Select(Describe)));
    }

    private bool MembersAgree(SimulatedReplica leader, ulong upTo) => replicas
        .Where(r => leader.Core.Configuration.Contains(r.Node))
        .All(r => r.Applied >= upTo);

    private static string Describe(SimulatedReplica r) =>
        $"{r.Node} {r.Core.Role} term {r.Core.CurrentTerm} log {r.Core.FirstIndex}..{r.Core.LastIndex} commit {r.Core.CommitIndex} persisted {r.Core.PersistedIndex} applied {r.Applied} leader {r.Core.Leader} members {r.Core.Configuration} unwritten {r.Unwritten.Count} [{string.Join(", ", r.Core.Progress())}]";
}
