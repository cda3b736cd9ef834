using System.Collections.Immutable;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.ControlPlane;

public class BootstrapCoreTests
{
    private static readonly NodeAddress A = new("127.0.0.1", 4053);
    private static readonly NodeAddress B = new("127.0.0.1", 4054);
    private static readonly NodeAddress C = new("127.0.0.1", 4055);
    private static readonly NodeAddress D = new("127.0.0.1", 4056);
    private static readonly BootstrapIdentity Known = new("c-1", new NodeId(2));

    private TimeSpan now = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_seed_alone_forms_at_once()
    {
        var core = New(A, [A]);

        Assert.Equal([new FormNewCluster()], core.Tick(now));
        Assert.Equal([new BecameMember("c-1", new NodeId(1))], core.Formed("c-1", new NodeId(1)));
        Assert.Null(core.NextTick);
        Assert.Throws<InvalidOperationException>(() => core.Formed("c-2", new NodeId(1)));
    }

    [Fact]
    public void The_first_seed_forms_when_every_seed_was_heard_or_given_up_and_a_majority_knows_no_cluster()
    {
        var core = New(A, [A, B, C]);
        Assert.Equal([new ContactSeed(B, 1), new ContactSeed(C, 1)], core.Tick(now));

        Assert.Empty(core.SeedAnswered(B, 1, NotAMember, now)); // C may still know one.
        Assert.Equal([new FormNewCluster()], core.SeedUnreachable(C, 1, now));
    }

    [Fact]
    public void A_silent_seed_is_given_up_when_the_round_is_over()
    {
        var core = New(A, [A, B, C]);
        core.Tick(now);
        core.SeedAnswered(B, 1, NotAMember, now);

        Assert.Empty(core.Tick(now));
        Assert.Equal([new FormNewCluster()], Next(core));
    }

    [Fact]
    public void The_first_seed_does_not_form_without_a_majority()
    {
        var core = New(A, [A, B, C]);
        core.Tick(now);
        core.SeedUnreachable(B, 1, now);

        var wait = Assert.IsType<Wait>(Assert.Single(core.SeedUnreachable(C, 1, now)));
        Assert.Contains("a majority of the 3 seeds is there; 1 are", wait.Reason, StringComparison.Ordinal);
        Assert.Contains("no answer from 127.0.0.1:4054, 127.0.0.1:4055", wait.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_seed_does_not_form_while_another_one_is_joining_something()
    {
        var core = New(A, [A, B, C]);
        core.Tick(now);
        core.SeedAnswered(B, 1, NotAMember, now);

        Assert.IsType<Wait>(Assert.Single(core.SeedAnswered(C, 1, new SeedAnswer { Standing = SeedStanding.Joining }, now)));
    }

    [Fact]
    public void Another_seed_never_forms_but_waits_for_the_first_one()
    {
        var core = New(B, [A, B, C]);
        core.Tick(now);
        core.SeedAnswered(A, 1, NotAMember, now);

        var wait = Assert.IsType<Wait>(Assert.Single(core.SeedAnswered(C, 1, NotAMember, now)));
        Assert.Contains("the first one, 127.0.0.1:4053, forms the cluster", wait.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_joins_through_the_leader_that_any_seed_names()
    {
        var core = New(D, [A, B, C]);
        Assert.Equal(3, core.Tick(now).Count);

        Assert.Equal([new JoinVia(C, 2)], core.SeedAnswered(B, 1, Member("c-1", C), now));
        Assert.Equal([new JoinVia(A, 3)], core.JoinAnswered(2, new JoinReply { LeaderAddress = A.ToString() }, now));
        Assert.Equal([new BecameMember("c-1", new NodeId(4))], core.JoinAnswered(3, Accepted("c-1", 4), now));
    }

    [Fact]
    public void A_join_that_is_sent_in_circles_pauses()
    {
        var core = New(D, [A, B, C]);
        core.Tick(now);
        var actions = core.SeedAnswered(B, 1, Member("c-1", B), now);
        for (var hop = 0; hop < 3; hop++)
        {
            var join = Assert.IsType<JoinVia>(Assert.Single(actions));
            actions = core.JoinAnswered(join.Attempt, new JoinReply { LeaderAddress = (hop % 2 == 0 ? A : B).ToString() }, now);
        }

        var last = Assert.IsType<JoinVia>(Assert.Single(actions));
        Assert.IsType<Wait>(Assert.Single(core.JoinAnswered(last.Attempt, new JoinReply { LeaderAddress = A.ToString() }, now)));
    }

    [Fact]
    public void A_join_without_an_answer_is_given_up_and_its_late_answer_counts_for_nothing()
    {
        var core = New(D, [A, B, C]);
        core.Tick(now);
        core.SeedAnswered(B, 1, Member("c-1", B), now);

        Assert.IsType<Wait>(Assert.Single(Next(core)));
        Assert.Empty(core.JoinAnswered(2, Accepted("c-1", 4), now));
        Assert.Equal(3, Next(core).Count);
    }

    [Fact]
    public void A_seed_that_names_a_dead_leader_is_asked_itself_the_next_time()
    {
        var core = New(D, [A, B]);
        core.Tick(now);
        Assert.Equal([new JoinVia(C, 2)], core.SeedAnswered(B, 1, Member("c-1", C), now));
        Assert.IsType<Wait>(Assert.Single(core.JoinFailed(2, "refused", now)));

        Next(core);
        Assert.Equal([new JoinVia(B, 4)], core.SeedAnswered(B, 3, Member("c-1", C), now));
    }

    [Fact]
    public void Attempts_go_on_from_where_an_earlier_life_cannot_have_been()
    {
        var core = new BootstrapCore(new BootstrapOptions { ClusterName = "lab", Self = D, Seeds = [A] }, BootstrapIdentity.Fresh, attemptsFrom: 7ul << 32);

        Assert.Equal([new ContactSeed(A, (7ul << 32) + 1)], core.Tick(now));
        Assert.Empty(core.SeedAnswered(A, 1, Member("c-1", A), now));
    }

    [Fact]
    public void A_refused_join_is_final_unless_time_can_heal_it()
    {
        var core = New(D, [A]);
        core.Tick(now);
        core.SeedAnswered(A, 1, Member("c-1", A), now);
        var later = new JoinReply { Reply = new ControlReply { Refusal = ControlRefusal.NotFormed, Message = "not formed yet" } };
        Assert.Equal([new Wait("not formed yet")], core.JoinAnswered(2, later, now));

        Next(core);
        core.SeedAnswered(A, 3, Member("c-1", A), now);
        var never = new JoinReply { Reply = new ControlReply { Refusal = ControlRefusal.NameTaken, Message = "the name n4 is taken" } };
        Assert.Equal([new BootstrapRefused("the name n4 is taken")], core.JoinAnswered(4, never, now));
        Assert.Null(core.NextTick);
        Assert.Empty(core.Tick(now + TimeSpan.FromDays(1)));
    }

    [Fact]
    public void A_data_directory_of_a_cluster_never_forms_another()
    {
        var core = New(A, [A, B, C], Known);
        core.Tick(now);
        core.SeedAnswered(B, 1, NotAMember, now);

        var wait = Assert.IsType<Wait>(Assert.Single(core.SeedAnswered(C, 1, NotAMember, now)));
        Assert.Contains("c-1", wait.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_starts_again_joins_through_the_leader_its_own_replica_finds()
    {
        var core = New(A, [A], Known);
        Assert.IsType<Wait>(Assert.Single(core.Tick(now)));

        Assert.Equal([new JoinVia(A, 2)], core.LeaderKnown(A, now));
        Assert.Empty(core.LeaderKnown(A, now));
        Assert.IsType<Wait>(Assert.Single(core.JoinFailed(2, "it is stepping down", now)));
        Assert.Equal([new JoinVia(A, 4)], Next(core)); // No seed to ask: the round ends where it began.
        Assert.Equal([new BecameMember("c-1", new NodeId(2))], core.JoinAnswered(4, Accepted("c-1", 2), now));
    }

    [Fact]
    public void A_member_whose_seeds_belong_to_another_cluster_is_refused()
    {
        var core = New(B, [A, B, C], Known);
        core.Tick(now);
        Assert.Empty(core.SeedAnswered(A, 1, Member("c-9", A), now));

        var refused = Assert.IsType<BootstrapRefused>(Assert.Single(core.SeedUnreachable(C, 1, now)));
        Assert.Contains("belongs to cluster c-1", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("member of cluster c-9", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_the_cluster_knows_by_another_number_is_refused()
    {
        var core = New(B, [A, B, C], Known);
        core.Tick(now);
        core.SeedAnswered(A, 1, Member("c-1", A), now);

        Assert.IsType<BootstrapRefused>(Assert.Single(core.JoinAnswered(2, Accepted("c-1", 7), now)));
    }

    [Fact]
    public void A_wiped_first_seed_joins_its_old_peers_though_they_still_take_its_address_for_the_leaders()
    {
        var core = New(A, [A, B, C]);
        core.Tick(now);

        Assert.Equal([new JoinVia(B, 2)], core.SeedAnswered(B, 1, Member("c-1", A), now));
        Assert.IsType<Wait>(Assert.Single(core.JoinAnswered(2, new JoinReply { LeaderAddress = A.ToString() }, now)));
    }

    [Fact]
    public void Who_once_heard_of_a_cluster_never_forms_one()
    {
        var core = New(A, [A, B, C]);
        core.Tick(now);
        core.SeedAnswered(B, 1, Member("c-1", B), now);
        core.JoinFailed(2, "gone", now);

        Next(core);
        core.SeedAnswered(B, 3, NotAMember, now);
        var wait = Assert.IsType<Wait>(Assert.Single(core.SeedAnswered(C, 3, NotAMember, now)));
        Assert.Contains("a cluster stands", wait.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_every_answering_seed_refuses_is_refused_and_one_refusal_alone_is_not_enough()
    {
        var refusal = new SeedAnswer { Standing = SeedStanding.Refused, Refused = "other cluster" };
        var core = New(D, [A, B, C]);
        core.Tick(now);
        core.SeedAnswered(A, 1, refusal, now);
        core.SeedAnswered(B, 1, NotAMember, now);
        Assert.IsType<Wait>(Assert.Single(core.SeedUnreachable(C, 1, now)));

        Next(core);
        core.SeedAnswered(A, 2, refusal, now);
        core.SeedUnreachable(B, 2, now);
        Assert.Equal([new BootstrapRefused("other cluster")], core.SeedUnreachable(C, 2, now));
    }

    [Fact]
    public void Pauses_between_rounds_double_up_to_a_bound_and_the_same_reason_is_said_once()
    {
        var core = New(B, [A]);
        var pauses = new List<double>();
        var waits = 0;
        for (var round = 1ul; round <= 6; round++)
        {
            Assert.IsType<ContactSeed>(Assert.Single(Next(core)));
            waits += core.SeedUnreachable(A, round, now).Count;
            pauses.Add((core.NextTick!.Value - now).TotalMilliseconds);
        }

        Assert.Equal([50, 100, 200, 400, 500, 500], pauses);
        Assert.Equal(1, waits);
    }

    [Fact]
    public void Answers_of_an_earlier_round_or_from_a_stranger_count_for_nothing()
    {
        var core = New(A, [A, B, C]);
        core.Tick(now);
        Next(core);
        Next(core);

        Assert.Empty(core.SeedAnswered(B, 1, NotAMember, now));
        Assert.Empty(core.SeedAnswered(C, 1, NotAMember, now));
        Assert.Empty(core.SeedAnswered(D, 2, Member("c-1", D), now));
        Assert.IsType<Wait>(Assert.Single([.. Next(core), new Wait("")]));
    }

    [Fact]
    public void A_seed_says_where_it_stands()
    {
        var query = new SeedQuery { ClusterName = "lab", FirstSeed = A.ToString() };
        var core = New(B, [A, B, C]);
        Assert.Equal(SeedStanding.NotAMember, core.Answer(query).Standing);

        core.Tick(now);
        core.SeedAnswered(A, 1, Member("c-1", A), now);
        Assert.Equal(SeedStanding.Joining, core.Answer(query).Standing);

        core.JoinAnswered(2, Accepted("c-1", 2), now);
        core.LeaderKnown(A, now);
        Assert.Equal((SeedStanding.Member, "c-1", A.ToString()), Standing(core.Answer(query)));

        static (SeedStanding, string, string) Standing(SeedAnswer answer) => (answer.Standing, answer.ClusterId, answer.LeaderAddress);
    }

    [Fact]
    public void A_seed_refuses_another_clusters_node_and_one_with_another_first_seed()
    {
        var core = New(B, [A, B, C]);

        Assert.Contains("'prod'", core.Answer(new SeedQuery { ClusterName = "prod", FirstSeed = A.ToString() }).Refused, StringComparison.Ordinal);
        var other = core.Answer(new SeedQuery { ClusterName = "lab", FirstSeed = C.ToString() });
        Assert.Equal(SeedStanding.Refused, other.Standing);
        Assert.Contains("same list", other.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_list_out_of_bounds_is_refused()
    {
        Assert.Contains("name this node itself: 127.0.0.1:4053", Assert.Throws<ArgumentException>(() => New(A, [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => New(A, [A, A]));
        Assert.Throws<ArgumentException>(() => New(A, [.. Enumerable.Range(1, 17).Select(port => new NodeAddress("h", port))]));
    }

    private static SeedAnswer NotAMember => new() { Standing = SeedStanding.NotAMember };

    private static SeedAnswer Member(string cluster, NodeAddress leader) => new() { Standing = SeedStanding.Member, ClusterId = cluster, LeaderAddress = leader.ToString() };

    private static JoinReply Accepted(string cluster, uint node) => new() { Reply = new ControlReply { Changed = true, ClusterId = cluster, Node = node, Status = MemberStatus.Joining } };

    private static BootstrapCore New(NodeAddress self, ImmutableArray<NodeAddress> seeds, BootstrapIdentity? identity = null) =>
        new(new BootstrapOptions { ClusterName = "lab", Self = self, Seeds = seeds }, identity ?? BootstrapIdentity.Fresh);

    /// <summary>Lets the time pass that the core waits for.</summary>
    private IReadOnlyList<BootstrapAction> Next(BootstrapCore core)
    {
        now = core.NextTick > now ? core.NextTick.Value : now;
        return core.Tick(now);
    }
}
