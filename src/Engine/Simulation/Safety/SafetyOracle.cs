using System.Runtime.InteropServices;
using Cluster.Engine.Consensus;
using Cluster.Engine.Port;
using Cluster.Engine.Replication;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Simulation.Safety;

/// <summary>
/// Judges a whole simulated run: every replica of every group at every step, every answer against the disks themselves, every end of a node. It sees all nodes at
/// once and changes nothing. The first broken rule ends the run.
/// </summary>
public sealed class SafetyOracle
{
    private readonly SimulatedCluster cluster;
    private readonly SortedDictionary<ShardId, GroupOracle> groups = [];
    private readonly Dictionary<NodeId, NodeWitness> known = [];
    private readonly List<Leadership> leaderships = [];
    private bool contested;

    internal SafetyOracle(SimulatedCluster cluster)
    {
        this.cluster = cluster;
        Singletons = new SingletonOracle((nodes, sentence) => Break(SafetyRule.OneSingletonActs, group: null, nodes, sentence));
    }

    /// <summary>The first rule that was broken; null while none is.</summary>
    public SafetyViolation? Violation { get; private set; }

    /// <summary>With a rule here all others are let pass: to show that this one catches a planted bug by itself.</summary>
    public SafetyRule? JudgesOnly { get; set; }

    /// <summary>Rules that a scenario breaks on purpose: a node started with the wrong options, say, ends itself, and should.</summary>
    public ISet<SafetyRule> Excused { get; } = new HashSet<SafetyRule>();

    /// <summary>Leaders elected so far, in all groups.</summary>
    public int Elections => groups.Values.Sum(group => group.Elections);

    /// <summary>Entries committed so far, in all groups.</summary>
    public int Committed => groups.Values.Sum(group => group.Committed);

    /// <summary>Answers to writes that were held against the disks.</summary>
    public long AnswersJudged { get; private set; }

    /// <summary>Told what singletons run where.</summary>
    internal SingletonOracle Singletons { get; }

    /// <summary>Reports what a scenario finds itself: it ends the run like any other.</summary>
    public void Break(SafetyRule rule, ShardId? group, IReadOnlyList<string> nodes, string sentence)
    {
        if (Violation is null && (JudgesOnly is null || JudgesOnly == rule) && !Excused.Contains(rule))
        {
            Violation = new SafetyViolation(rule, cluster.Now, group, nodes, sentence);
        }
    }

    /// <summary>What can be judged only between the steps.</summary>
    /// <exception cref="SafetyViolationException">A rule is broken.</exception>
    internal void Judge()
    {
        if (contested)
        {
            JudgeLeaders();
        }

        Singletons.Judge();

        if (Violation is { } violation)
        {
            throw new SafetyViolationException(violation);
        }
    }

    internal GroupOracle Of(ShardId group)
    {
        if (!groups.TryGetValue(group, out var oracle))
        {
            groups.Add(group, oracle = new GroupOracle($"{group}", (rule, nodes, sentence) => Break(rule, group, nodes, sentence)));
        }

        return oracle;
    }

    internal void Knows(NodeId id, NodeWitness witness) => known[id] = witness;

    internal string NameOf(NodeId id) => known.TryGetValue(id, out var witness) ? witness.Name : $"node {id}";

    internal void Leads(NodeWitness witness, Replica replica, SimulatedNode node)
    {
        leaderships.RemoveAll(static leadership => leadership.IsOver);
        leaderships.Add(new Leadership(witness, witness.Life, replica, node));
        contested = true;
    }

    internal bool IsDurable(ShardId group, ulong index, ulong term, RaftConfiguration configuration)
    {
        AnswersJudged++;
        var on = 0;
        foreach (var voter in configuration.Voters)
        {
            on += IsDurableOn(voter, group, index, term) ? 1 : 0;
        }

        return on >= configuration.Majority;
    }

    internal bool IsDurableOn(NodeId node, ShardId group, ulong index, ulong term) => known.TryGetValue(node, out var witness) && witness.Durable.Holds(group, index, term);

    /// <summary>A node has ended itself.</summary>
    internal void Ended(SimulatedNode node, string why)
    {
        if (!node.HasDiskTrouble)
        {
            Break(SafetyRule.NodeLives, group: null, [node.Name.ToString()], $"{node.Name} ended itself for no fault of its disk: {why}");
        }
    }

    /// <summary>An actor has failed. Those of modes and tests may, and be restarted; those of the engine may not.</summary>
    internal void Failed(SimulatedNode node, ActorFailed failed)
    {
        if (failed.Cause is InvariantViolated broken)
        {
            Break(SafetyRule.CoreInvariant, group: null, [node.Name.ToString()], $"a replica of {node.Name} found what Raft rules out: {broken.Message}");
        }
        else if (SimulatedNode.IsOfTheEngine(failed.Actor.Path) && !node.HasDiskTrouble)
        {
            Failed(node, $"its actor {failed.Actor.Path} failed", failed.Cause);
        }
    }

    internal void Failed(SimulatedNode node, string what, Exception cause) =>
        Break(SafetyRule.NothingFails, group: null, [node.Name.ToString()], $"{node.Name}: {what}: {cause.GetType().Name}: {cause.Message}");

    /// <summary>
    /// Several may believe that they lead a group; a lease says that nobody else can commit meanwhile. Looked at only while there is such a second one, which is
    /// rare and short.
    /// </summary>
    private void JudgeLeaders()
    {
        leaderships.RemoveAll(static leadership => leadership.IsOver);
        contested = false;
        var all = CollectionsMarshal.AsSpan(leaderships);
        for (var one = 0; one < all.Length; one++)
        {
            for (var other = one + 1; other < all.Length; other++)
            {
                if (all[one].Replica.Group == all[other].Replica.Group)
                {
                    contested = true;
                    JudgeLease(all[one], all[other]);
                    JudgeLease(all[other], all[one]);
                }
            }
        }
    }

    private void JudgeLease(in Leadership old, in Leadership later)
    {
        var (a, b) = (old.Replica.Core, later.Replica.Core);
        if (a.CurrentTerm < b.CurrentTerm && b.CommitIndex >= b.TermStart && a.WouldServeByLease(old.Node.LocalNow))
        {
            var sentence = $"{old.Node.Name} still holds the lease of term {a.CurrentTerm} of {old.Replica.Group} while {later.Node.Name} leads term {b.CurrentTerm} and has committed in it";
            Break(SafetyRule.OneLeaderServes, old.Replica.Group, [old.Node.Name.ToString(), later.Node.Name.ToString()], sentence);
        }
    }

    private readonly record struct Leadership(NodeWitness Witness, int Life, Replica Replica, SimulatedNode Node)
    {
        public bool IsOver => !Node.IsRunning || Witness.Life != Life || Replica.Gone || Replica.Core.Role != RaftRole.Leader;
    }
}
