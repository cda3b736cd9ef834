using System.Collections.Immutable;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.ControlPlane;

public class ReplicaMovesTests
{
    [Fact]
    public void A_move_goes_learner_promote_hand_over_remove()
    {
        var group = new Group(leader: 1, voters: [1, 2, 3]);

        Assert.Equal("AddLearner #4, Promote #4, Remove #3", group.Reconcile([1, 2, 4]));
        Assert.Equal("TransferLeadership #2, AddLearner #5, Promote #5, Remove #1", group.Reconcile([2, 4, 5]));
        Assert.Equal("TransferLeadership #4", group.Reconcile([4, 2, 5]));
        Assert.Equal("", group.Reconcile([4, 2, 5]));
    }

    [Fact]
    public void A_whole_new_set_comes_one_node_at_a_time()
    {
        var group = new Group(leader: 1, voters: [1, 2, 3]);

        Assert.Equal(
            "AddLearner #4, AddLearner #5, AddLearner #6, Promote #4, TransferLeadership #4, Promote #5, Promote #6, Remove #1, Remove #2, Remove #3",
            group.Reconcile([4, 5, 6]));
    }

    [Fact]
    public void A_second_learner_waits_until_the_first_has_caught_up()
    {
        var group = new Group(leader: 1, voters: [1, 2, 3]) { LearnersCatchUp = false };

        Assert.Equal("AddLearner #4, Wait", group.Reconcile([1, 4, 5]));
    }

    [Fact]
    public void Nothing_happens_while_a_change_is_pending()
    {
        var group = new Group(leader: 1, voters: [1, 2, 3]);

        Assert.Equal(ReplicaMove.Wait, PlacementCore.NextMove(group.Standing() with { ChangePending = true }, Nodes(1), []));
    }

    [Fact]
    public void A_wish_that_changes_half_way_drops_the_learner_it_no_longer_wants()
    {
        var group = new Group(leader: 1, voters: [1, 2, 3]) { LearnersCatchUp = false };
        group.Reconcile([1, 2, 4]);

        group.LearnersCatchUp = true;
        Assert.Equal("Remove #4, AddLearner #5, Promote #5, Remove #3", group.Reconcile([1, 2, 5]));
    }

    [Fact]
    public void A_lost_voter_goes_before_its_replacement_votes()
    {
        var group = new Group(leader: 1, voters: [1, 2, 3]) { Lost = [3] };

        Assert.Equal("AddLearner #4, Remove #3, Promote #4", group.Reconcile([1, 2, 4]));
    }

    [Fact]
    public void No_step_is_taken_after_which_those_who_answer_are_no_majority()
    {
        Assert.Equal("Wait", new Group(leader: 1, voters: [1, 2, 3]) { Lost = [2] }.Reconcile([1, 2]));
        Assert.Equal("AddLearner #4, Wait", new Group(leader: 1, voters: [1, 2, 3]) { Lost = [2] }.Reconcile([1, 2, 3, 4], steps: 2, catchUp: false));
        Assert.Equal("Wait", new Group(leader: 1, voters: [1]) { Lost = [2] }.Reconcile([1, 2]));
    }

    [Fact]
    public void Leadership_is_not_handed_to_one_that_cannot_be_reached()
    {
        Assert.Equal("", new Group(leader: 1, voters: [1, 2, 3]) { Lost = [2] }.Reconcile([2, 1, 3]));
    }

    [Fact]
    public void In_group_zero_a_voter_that_stays_a_member_becomes_a_learner()
    {
        var group = new Group(leader: 2, voters: [1, 2, 3], learners: [4]);

        Assert.Equal("AddLearner #5, Promote #4, Demote #3, TransferLeadership #4", group.Reconcile([4, 1, 2], [3, 5]));
        Assert.Equal("Remove #3", group.Reconcile([4, 1, 2], [5]));
    }

    [Fact]
    public void A_wish_for_nobody_is_a_fault_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => PlacementCore.NextMove(new Group(1, [1]).Standing(), [], []));
    }

    /// <summary>From any group to any wish, by steps that each change one node and keep a majority, whoever may be lost on the way.</summary>
    [Fact]
    public void Any_group_reaches_any_wish_by_single_safe_steps()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var everybody = Enumerable.Range(1, 7).Select(node => (uint)node).OrderBy(_ => random.Next()).ToArray();
            var voters = everybody[..random.Next(1, 6)];
            var group = new Group(voters[0], voters, everybody[5..random.Next(5, 8)]);
            var wish = everybody.OrderBy(_ => random.Next()).Take(random.Next(1, 6)).ToArray();

            var steps = group.Reconcile(wish);

            Assert.True(group.IsAs(wish), $"seed {seed}: [{string.Join(",", voters)}] to [{string.Join(",", wish)}] by {steps}");
        }
    }

    private static ImmutableArray<NodeId> Nodes(params uint[] nodes) => [.. nodes.Select(node => new NodeId(node))];

    /// <summary>A group that takes each step at once; it checks that every step is one that Raft can take.</summary>
    private sealed class Group(uint leader, uint[] voters, uint[]? learners = null)
    {
        private NodeId leader = new(leader);
        private ImmutableArray<NodeId> voters = Nodes(voters);
        private ImmutableArray<NodeId> learners = Nodes(learners ?? []);

        public uint[] Lost { get; init; } = [];

        public bool LearnersCatchUp { get; set; } = true;

        public GroupStanding Standing()
        {
            var all = voters.AddRange(learners).AddRange(Nodes(1, 2, 3, 4, 5, 6, 7)).Distinct().ToImmutableArray();
            var reachable = all.RemoveAll(node => Lost.Contains(node.Value));
            return new GroupStanding(leader, voters, learners, LearnersCatchUp ? reachable : voters, reachable, ChangePending: false);
        }

        public bool IsAs(uint[] wish) => learners.IsEmpty && leader.Value == wish[0] && voters.ToHashSet().SetEquals(Nodes(wish));

        public string Reconcile(uint[] wish, uint[]? followers = null, int steps = 40, bool? catchUp = null)
        {
            LearnersCatchUp = catchUp ?? LearnersCatchUp;
            var taken = new List<string>();
            while (taken.Count < steps)
            {
                var move = PlacementCore.NextMove(Standing(), Nodes(wish), Nodes(followers ?? []));
                if (move.Kind == ReplicaMoveKind.None)
                {
                    break;
                }

                taken.Add(move.ToString());
                if (move.Kind == ReplicaMoveKind.Wait)
                {
                    break;
                }

                Take(move);
            }

            return string.Join(", ", taken);
        }

        private void Take(ReplicaMove move)
        {
            switch (move.Kind)
            {
                case ReplicaMoveKind.AddLearner:
                    Assert.False(voters.Contains(move.Node) || learners.Contains(move.Node));
                    learners = learners.Add(move.Node);
                    break;
                case ReplicaMoveKind.Promote:
                    Assert.Contains(move.Node, learners);
                    (voters, learners) = (voters.Add(move.Node), learners.Remove(move.Node));
                    break;
                case ReplicaMoveKind.Demote:
                    Assert.Contains(move.Node, voters);
                    (voters, learners) = (voters.Remove(move.Node), learners.Add(move.Node));
                    break;
                case ReplicaMoveKind.Remove:
                    (voters, learners) = (voters.Remove(move.Node), learners.Remove(move.Node));
                    break;
                case ReplicaMoveKind.TransferLeadership:
                    leader = move.Node;
                    break;
                default:
                    Assert.Fail($"unexpected {move}");
                    break;
            }

            Assert.Contains(leader, voters);
            Assert.True(voters.Count(voter => !Lost.Contains(voter.Value)) > voters.Length / 2, $"{move} leaves no majority");
        }
    }
}
