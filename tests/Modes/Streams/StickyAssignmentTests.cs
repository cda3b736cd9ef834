using System.Collections.Immutable;
using Cluster.Modes.Streams;

namespace Cluster.Modes.Tests.Streams;

public class StickyAssignmentTests
{
    [Fact]
    public void However_members_come_and_go_each_partition_has_one_owner_shares_differ_by_one_and_no_more_move_than_must()
    {
        var random = new Random(3);
        var shares = ImmutableSortedDictionary<string, ImmutableArray<int>>.Empty;
        for (var round = 0; round < 2_000; round++)
        {
            var partitions = 1 + random.Next(16);
            var members = Enumerable.Range(0, 8).Where(_ => random.Next(3) > 0).Select(member => $"m{member}").ToList();
            var before = members.ToDictionary(member => member, member => shares.GetValueOrDefault(member, []));

            shares = StickyAssignment.Of(partitions, before);

            Assert.Equal(members.Order(), shares.Keys);
            if (members.Count == 0)
            {
                continue;
            }

            Assert.Equal(Enumerable.Range(0, partitions), shares.Values.SelectMany(share => share).Order());
            Assert.InRange(shares.Values.Max(share => share.Length) - shares.Values.Min(share => share.Length), 0, 1);
            var (least, more) = (partitions / members.Count, partitions % members.Count);
            var mayStay = before.Values.Select(had => had.Count(partition => partition < partitions)).OrderDescending().Select((count, place) => Math.Min(count, least + (place < more ? 1 : 0))).Sum();
            var stayed = shares.Sum(share => share.Value.Intersect(before[share.Key]).Count());
            Assert.Equal(mayStay, stayed);
        }
    }
}
