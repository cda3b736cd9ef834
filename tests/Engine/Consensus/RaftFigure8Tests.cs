using Cluster.Engine.Consensus;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Consensus;

/// <summary>
/// Raft figure 8: why a leader may not conclude from the number of copies that an entry of an older term is committed. The entries of terms 2 to 5
/// are the no-ops with which each leader begins its term; appends carry one entry each.
/// </summary>
public sealed class RaftFigure8Tests
{
    private static readonly RaftOptions OneEntryEach = RaftOptions.Default with { MaxAppendBytes = 1 };

    [Fact]
    public void An_older_terms_entry_on_a_majority_is_not_committed_and_may_be_overwritten()
    {
        var group = UntilC(OneEntryEach);
        Assert.Equal(new LogIndex(1), group[1].Core.CommitIndex);

        group.Say("(d) S1 crashes; S5 is elected in term 5 by S2, S3 and S4, and overwrites entry 2 with its own of term 3");
        group[1].Crash();
        group.DropAll();
        group.Freeze(400);
        group[5].Restart();
        group.Freeze(400);
        Campaign(group, 5);
        Campaign(group, 5);
        group.Settle();
        group.Elapse(150);
        SayLogs(group);

        Assert.All(new uint[] { 2, 3, 4, 5 }, node => Assert.Equal("1 3 5", group[node].Log));
        GoldenTrace.Matches("Figure8d", group.Trace);
    }

    [Fact]
    public void An_entry_of_the_leaders_own_term_on_a_majority_commits_what_stands_before_it()
    {
        var group = UntilC(OneEntryEach);
        group.Say("(e) instead, S1 replicates its entry of term 4 to S2 and S3 before it crashes: both entries are committed");
        group.Loses = m => m.To is 4 or 5 || m.From is 4 or 5;
        group.Elapse(150);
        SayLogs(group);
        Assert.Equal(new LogIndex(3), group[1].Core.CommitIndex);

        group.Say("    S5 cannot win an election any more");
        group[1].Crash();
        group.Freeze(400);
        group[5].Restart();
        group.Freeze(400);
        group.Heal();
        Campaign(group, 5);
        Campaign(group, 5);

        Assert.NotEqual(RaftRole.Leader, group[5].Core.Role);
        GoldenTrace.Matches("Figure8e", group.Trace);
    }

    [Fact]
    public void Counting_copies_of_an_older_term_commits_what_is_overwritten_later()
    {
        var group = UntilC(OneEntryEach with { Flaws = RaftFlaws.CommitOlderTermByCount });

        Assert.Equal(new LogIndex(2), group[1].Core.CommitIndex);
    }

    private static ScriptedGroup UntilC(RaftOptions options)
    {
        var group = new ScriptedGroup
        {
            Name = node => $"S{node}",
            Traces = m => m.BodyCase is RaftMessage.BodyOneofCase.Vote or RaftMessage.BodyOneofCase.VoteReply or RaftMessage.BodyOneofCase.Append or RaftMessage.BodyOneofCase.AppendReply,
        };
        for (var node = 1u; node <= 5; node++)
        {
            group.Add(node, new RaftRecovery
            {
                HardState = new HardState(new Term(1), default, new LogIndex(1)),
                Entries = [new Entry { Index = 1, Term = 1 }],
                InitialConfiguration = ScriptedGroup.Voters(1, 2, 3, 4, 5),
                Fresh = true,
            }, options);
        }

        group.Say("(a) S1 leads term 2 and replicates entry 2 to S2 only");
        Campaign(group, 1);
        group.Deliver(m => m.To == 2 && m.Append is not null);
        group[2].Drain();
        group.Deliver(m => m.From == 2);
        SayLogs(group);

        group.Say("(b) S1 crashes; S5 is elected in term 3 by S3 and S4, and takes another entry 2");
        group[1].Crash();
        group.DropAll();
        Campaign(group, 5);
        SayLogs(group);

        group.Say("(c) S5 crashes; S1 restarts, is elected in term 4 and goes on replicating: entry 2 comes to S3, and to S4, so that S1");
        group.Say("    knows of three copies (S2 has not answered it in this term). It is not committed; entry 3 of term 4 is on S1 alone");
        group[5].Crash();
        group.DropAll();
        group.Freeze(400);
        group[1].Restart();
        group.Freeze(400);
        Campaign(group, 1);
        Campaign(group, 1);
        for (var turn = 0; turn < 2; turn++)
        {
            group.Deliver(m => m.To is 3 or 4 && m.Append is not null);
            group.DrainAll();
            group.Deliver(m => m.To == 1 && m.AppendReply is not null);
            group[1].Drain();
        }

        group.DropAll();
        SayLogs(group);
        return group;
    }

    /// <summary>Votes come and go until nobody has any more to say about them; appends and heartbeats wait.</summary>
    private static void Campaign(ScriptedGroup group, uint candidate)
    {
        group[candidate].Core.Campaign(group.Now);
        for (var turn = 0; turn < 5; turn++)
        {
            group.DrainAll();
            group.Deliver(m => m.Vote is not null || m.VoteReply is not null);
        }

        group.DrainAll();
    }

    private static void SayLogs(ScriptedGroup group) =>
        group.Say("    " + string.Join("   ", group.Replicas.Select(r => $"S{r.Id.Value}{(r.IsUp ? string.Empty : " (down)")} {r.Log} commit {r.Core.CommitIndex}")));
}
