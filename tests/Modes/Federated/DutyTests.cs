using Cluster.Engine.Port;
using Cluster.Modes.Federated;
using Cluster.Shared.Ids;

namespace Cluster.Modes.Tests.Federated;

/// <summary>Which node follows a group's home: every node has its share, and what a node that is gone had is spread over the others.</summary>
public class DutyTests
{
    private static readonly IReadOnlyList<ClusterMember> Three = [.. Enumerable.Range(4, 3).Select(number => Member(number, isReachable: true))];

    private static readonly string[] Groups = [.. new[] { "east", "west" }.SelectMany(RegionMap.GroupsOf)];

    [Fact]
    public void Every_node_of_a_cluster_has_a_duty_though_their_names_differ_in_one_character() =>
        Assert.Equal(["n4", "n5", "n6"], Groups.Select(group => Of(group, Three)).Distinct().Order());

    [Fact]
    public void The_duties_of_a_node_that_is_not_heard_go_to_others_and_nobody_elses_move()
    {
        ClusterMember[] two = [Three[0], Three[1], Member(6, isReachable: false)];

        foreach (var group in Groups)
        {
            var before = Of(group, Three);
            Assert.True(before == "n6" ? Of(group, two) is "n4" or "n5" : Of(group, two) == before, $"{group} went from {before} to {Of(group, two)}");
        }
    }

    private static string Of(string group, IReadOnlyList<ClusterMember> members) => Duty.Of(group, members, NodeName.Parse("n4"))!.Name.ToString();

    private static ClusterMember Member(int number, bool isReachable) => new(NodeName.Parse($"n{number}"), new NodeAddress("10.0.0.1", 4052 + number), IsUp: true, isReachable, (ulong)number, []);
}
