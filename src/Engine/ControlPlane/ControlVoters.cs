using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// Who should vote in group 0, and who should follow it without a vote: every member follows, so that every node knows the shard table.
/// </summary>
/// <param name="Voters">In order of preference: the first is the preferred leader.</param>
/// <param name="Learners">Ascending.</param>
internal sealed record ControlVoters(ImmutableArray<NodeId> Voters, ImmutableArray<NodeId> Learners)
{
    /// <summary>
    /// One voter of one member, two of two, three of three or four, five of five and more: the odd numbers survive one or two losses, and a sixth voter would
    /// only slow decisions down. Members that are up may vote: who votes already first, so that votes do not wander, also where nodes were started with
    /// different seed lists; then seeds, in the order of the list; then the oldest. Who has been absent for long comes last of all: it gives its vote up where there is
    /// somebody to take it.
    /// </summary>
    /// <remarks>Silence of moments plays no part: a partition would reshape the group that must survive it.</remarks>
    /// <param name="leader">
    /// Who leads group 0 now: it goes on voting and leading as long as it may. Seed lists differ between nodes (one that was added later looks for the cluster
    /// elsewhere than the first ones did), so two leaders that each prefer the other would hand the group back and forth for ever.
    /// </param>
    public static ControlVoters Choose(ControlView view, IReadOnlyList<NodeAddress> seeds, ImmutableArray<NodeId> current, Func<NodeId, bool>? isAbsent = null, NodeId leader = default)
    {
        var candidates = view.Members.Where(member => member.IsUp)
            .OrderBy(member => isAbsent?.Invoke(member.Node) == true ? 1 : 0)
            .ThenBy(member => member.Node == leader ? 0 : 1)
            .ThenBy(member => current.Contains(member.Node) ? 0 : 1)
            .ThenBy(member => SeedRank(seeds, member.Address))
            .ThenBy(member => member.UpEpoch)
            .ThenBy(member => member.Node)
            .Select(member => member.Node)
            .ToImmutableArray();
        var voters = candidates[..Math.Min(candidates.Length, Wanted(candidates.Length))];
        var learners = view.Members
            .Where(member => member.IsAlive && !voters.Contains(member.Node))
            .Select(member => member.Node);
        return new ControlVoters(voters, [.. learners]);
    }

    private static int Wanted(int up) => up switch
    {
        <= 3 => up,
        4 => 3,
        _ => 5,
    };

    private static int SeedRank(IReadOnlyList<NodeAddress> seeds, NodeAddress address)
    {
        for (var i = 0; i < seeds.Count; i++)
        {
            if (seeds[i] == address)
            {
                return i;
            }
        }

        return int.MaxValue;
    }
}
