using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>Where a <see cref="BootstrapCore"/> stands. Immutable, so that a state can be kept and gone on from more than once.</summary>
/// <param name="ClusterId">The cluster this node belongs to; empty before.</param>
/// <param name="Heard">What each seed said in the present round, in the order of the seed list; this node's own place stays <see cref="SeedHeard.Unheard"/>.</param>
/// <param name="SawMember">Whether any seed was ever a member: from then on this node never forms a cluster.</param>
/// <param name="Attempt">Number of the present round or join; answers to an earlier one count for nothing.</param>
/// <param name="Deadline">When the present phase gives up or goes on.</param>
/// <param name="Pause">The pause after the present round, should it come to nothing.</param>
/// <param name="Hops">How often the present join was sent on to another leader.</param>
/// <param name="Leader">Who leads group 0 as this node's own replica knows; null when it knows nobody.</param>
/// <param name="Via">Where the present join was sent.</param>
/// <param name="Failed">Where the last join was sent that nobody answered: a seed that still names that one as the leader is not believed twice.</param>
/// <param name="Reason">What is waited for, or why it was refused.</param>
internal sealed record BootstrapState(
    BootstrapPhase Phase,
    string ClusterId,
    NodeId Node,
    ImmutableArray<SeedHeard> Heard,
    bool SawMember,
    ulong Attempt,
    TimeSpan Deadline,
    TimeSpan Pause,
    int Hops,
    NodeAddress? Leader,
    NodeAddress? Via,
    NodeAddress? Failed,
    string Reason);

/// <summary>What one seed said in a round.</summary>
internal readonly record struct SeedHeard(bool IsOver, SeedStanding Standing, string ClusterId, string Refused)
{
    /// <summary>No answer yet.</summary>
    public static readonly SeedHeard Unheard = new(false, SeedStanding.Unspecified, "", "");

    /// <summary>It cannot be reached, or did not answer in time.</summary>
    public static readonly SeedHeard Silent = new(true, SeedStanding.Unspecified, "", "");
}
