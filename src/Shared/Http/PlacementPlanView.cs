namespace Cluster.Shared.Http;

/// <summary>
/// What <c>GET /cluster/plan</c> answers: the moves that the control plane would make from now on until every shard is where it should be, by what the asked
/// node sees. A forecast: the next member that comes or goes changes it.
/// </summary>
/// <param name="Balanced">Whether nothing is to be done.</param>
/// <param name="Summary">In words, with how many moves of which kind.</param>
/// <param name="Moves">In the order in which they would begin.</param>
public sealed record PlacementPlanView(string Node, bool Balanced, string Summary, IReadOnlyList<PlannedMoveView> Moves);

/// <summary>One planned move.</summary>
/// <param name="Step">From 1.</param>
/// <param name="From">As in <see cref="MoveView"/>.</param>
/// <param name="To">As in <see cref="MoveView"/>.</param>
/// <param name="UnderWay">Whether it is decided already, and its shard is on its way.</param>
/// <param name="Because">Why, in words.</param>
public sealed record PlannedMoveView(int Step, uint Shard, MoveKind Kind, string? From, string? To, bool UnderWay, string Because);
