using Cluster.Engine.Consensus;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Consensus;

/// <summary>Raft figure 7: when the leader at the top comes to power in term 8, followers' logs may look like any of a to f.</summary>
public sealed class RaftFigure7Tests
{
    private static readonly (string Name, ulong[] Terms)[] Logs =
    [
        ("leader", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]),
        ("a", [1, 1, 1, 4, 4, 5, 5, 6, 6]),
        ("b", [1, 1, 1, 4]),
        ("c", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]),
        ("d", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]),
        ("e", [1, 1, 1, 4, 4, 4, 4]),
        ("f", [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]),
    ];

    [Fact]
    public void The_leader_of_term_8_brings_logs_a_to_f_to_agree_with_its_own()
    {
        var group = new ScriptedGroup
        {
            Name = node => Logs[node - 1].Name,
            Traces = m => m.BodyCase is not (RaftMessage.BodyOneofCase.Heartbeat or RaftMessage.BodyOneofCase.HeartbeatReply),
        };
        var voters = ScriptedGroup.Voters(1, 2, 3, 4, 5, 6, 7);
        for (var node = 1u; node <= Logs.Length; node++)
        {
            group.Add(node, new RaftRecovery
            {
                HardState = new HardState(new Term(7), default, default),
                Entries = [.. Logs[node - 1].Terms.Select((term, i) => new Entry { Index = (ulong)i + 1, Term = term, Data = ByteString.CopyFromUtf8($"{i + 1}/{term}") })],
                InitialConfiguration = voters,
                Fresh = true,
            });
        }

        group.Say("Raft figure 7, logs as terms by index:");
        SayLogs(group);
        group.Say("the leader campaigns for term 8");
        group[1].Core.Campaign(group.Now);
        group.Settle();
        group.Say("a heartbeat later, all know what is committed");
        group.Elapse(75);
        SayLogs(group);

        Assert.All(group.Replicas, r => Assert.Equal("1 1 1 4 4 5 5 6 6 6 8", r.Log));
        Assert.All(group.Replicas, r => Assert.Equal(group[1].Disk, r.Disk));
        Assert.All(group.Replicas, r => Assert.Equal(11, r.Applied.Count));
        GoldenTrace.Matches("Figure7", group.Trace);
    }

    private static void SayLogs(ScriptedGroup group)
    {
        foreach (var replica in group.Replicas)
        {
            group.Say($"  {Logs[replica.Id.Value - 1].Name,-6} {replica.Log}   (commit {replica.Core.CommitIndex})");
        }
    }
}
