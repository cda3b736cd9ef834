using Cluster.Engine.Port;

namespace Cluster.Modes.LeaderFollower;

/// <summary>
/// Who leads in which epoch, and who is in sync: compare-and-set on one entity, as Kafka keeps leader and in-sync replicas in its controller (KIP-497) and Patroni its leader key. An epoch is given once, so it
/// has one leader; whoever is not in sync is not made one, except by an operator's word.
/// </summary>
public sealed class ReplicaSetDecider : IDecider<ReplicaSet, ReplicaSetCommand, ReplicaSet>
{
    /// <summary>The one set.</summary>
    public const string SetId = "replicas";

    public static readonly EntityType<ReplicaSet, ReplicaSetCommand, ReplicaSet> Type =
        new EntityType<ReplicaSet, ReplicaSetCommand, ReplicaSet>("leader-follower-set", new ReplicaSetDecider(), 1, LeaderFollowerJson.Default.ReplicaSet)
            .Message("show", 1, LeaderFollowerJson.Default.ShowReplicaSet)
            .Message("claim", 1, LeaderFollowerJson.Default.ClaimLeadership)
            .Message("in-sync", 1, LeaderFollowerJson.Default.ChangeInSync)
            .Message("set", 1, LeaderFollowerJson.Default.ReplicaSet);

    public ReplicaSet Empty { get; } = new(0, 0, "", []);

    public Decided<ReplicaSet> Decide(ReplicaSet state, ReplicaSetCommand command, EntityContext context) => command switch
    {
        ClaimLeadership claim when claim.ExpectedVersion == state.Version && claim.Epoch > state.Epoch && (claim.Unclean || state.Epoch == 0 || state.InSync.Contains(claim.Node)) =>
            Become(new ReplicaSet(claim.Epoch, state.Version + 1, claim.Node, claim.Unclean || state.Epoch == 0 ? [claim.Node] : state.InSync)),
        ChangeInSync change when change.ExpectedVersion == state.Version && change.Epoch == state.Epoch && change.Node == state.Leader && change.InSync.Contains(change.Node) =>
            Become(state with { Version = state.Version + 1, InSync = change.InSync }),
        _ => Decided<ReplicaSet>.Answer(state),
    };

    public ReplicaSet Apply(ReplicaSet state, ReplicaSet @event) => @event;

    private static Decided<ReplicaSet> Become(ReplicaSet next) => Decided<ReplicaSet>.Accept(next).With(next);
}
