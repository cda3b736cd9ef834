using System.Buffers.Binary;
using Cluster.Engine.Consensus;
using Google.Protobuf;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>Clients and operators: writes, both kinds of reads, membership changes, transfers; at whoever thinks that it leads.</summary>
internal sealed partial class RaftCluster
{
    private ulong lastCommand;
    private ulong lastRead;

    private void Work()
    {
        if (!storming)
        {
            return;
        }

        foreach (var replica in replicas)
        {
            if (!replica.Runs || replica.Core.Role != RaftRole.Leader)
            {
                continue;
            }

            LeaseRead(replica);
            if (Chance() < weather.Reads)
            {
                Read(replica);
            }

            if (Chance() < weather.Writes)
            {
                Propose(replica);
            }

            if (Chance() < weather.MemberChanges)
            {
                ChangeMembers(replica);
            }

            if (Chance() < weather.Transfers)
            {
                var to = replicas[Below(replicas.Length)].Node;
                Turn(replica, (core, local) => core.TransferLeadership(local, to));
            }
        }

        After(Upto(weather.WorkEvery * 2), Work);
    }

    private ulong? Propose(SimulatedReplica replica)
    {
        ulong? index = null;
        var data = new byte[8 + Below(200)];
        BinaryPrimitives.WriteUInt64LittleEndian(data, ++lastCommand);
        Turn(replica, (core, local) =>
        {
            for (var burst = 1 + Below(3); burst > 0; burst--)
            {
                var result = core.Propose(local, UnsafeByteOperations.UnsafeWrap(data));
                if (result.Accepted)
                {
                    index = result.Index.Value;
                    replica.Proposals[result.Index.Value] = result.Term.Value;
                }
            }
        });
        return index;
    }

    private void Read(SimulatedReplica replica)
    {
        var id = ++lastRead;
        var floor = Oracle.Acknowledged;
        Turn(replica, (core, local) =>
        {
            if (core.Read(local, id).Accepted)
            {
                replica.Reads[id] = floor;
            }
        });
    }

    private void LeaseRead(SimulatedReplica replica)
    {
        if (replica.Runs && replica.Core.LeaseHolds(replica.Local(now)) && replica.Applied >= replica.Core.CommitIndex.Value)
        {
            Oracle.LeaseReadServed(replica, replica.Applied);
        }
    }

    private void ChangeMembers(SimulatedReplica leader)
    {
        var node = replicas[Below(replicas.Length)].Node;
        var configuration = leader.Core.Configuration;
        var kind = configuration.IsLearner(node)
            ? Chance() < 0.7 ? ConfigurationChangeKind.PromoteLearner : ConfigurationChangeKind.RemoveReplica
            : configuration.IsVoter(node)
                ? Chance() < 0.5 ? ConfigurationChangeKind.RemoveReplica : ConfigurationChangeKind.DemoteVoter
                : ConfigurationChangeKind.AddLearner;
        if (kind is ConfigurationChangeKind.RemoveReplica or ConfigurationChangeKind.DemoteVoter && configuration.Voters.Length <= 2)
        {
            return;
        }

        Turn(leader, (core, local) => MembershipChanges += core.ProposeConfiguration(local, new ConfigurationChange(kind, node)).Accepted ? 1 : 0);
    }
}
