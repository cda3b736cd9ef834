using Cluster.Engine.Flaws;
using Cluster.Modes.CapTunable;
using Cluster.Modes.CircuitBreaker;
using Cluster.Modes.ClientServer;
using Cluster.Modes.Cqrs;
using Cluster.Modes.DistributedDatabase;
using Cluster.Modes.EventDriven;
using Cluster.Modes.Federated;
using Cluster.Modes.LeaderElection;
using Cluster.Modes.LeaderFollower;
using Cluster.Modes.Lock;
using Cluster.Modes.LogBased;
using Cluster.Modes.MultiMaster;
using Cluster.Modes.PeerToPeer;
using Cluster.Modes.PubSub;
using Cluster.Modes.Quorum;
using Cluster.Modes.Saga;
using Cluster.Modes.Sharded;
using Cluster.Modes.SharedEverything;
using Cluster.Modes.SharedNothing;
using Cluster.Modes.TwoPhaseCommit;

namespace Cluster.Modes;

/// <summary>Every mode that this build can run, in the order of the catalogue.</summary>
public static class ModeCatalog
{
    public static IReadOnlyList<Mode> All { get; } =
    [
        ClientServerMode.Mode,
        LeaderFollowerMode.Mode,
        MultiMasterMode.Mode,
        PeerToPeerMode.Mode,
        ShardedMode.Mode,
        SharedNothingMode.Mode,
        SharedEverythingMode.Mode,
        QuorumMode.Mode,
        LogBasedMode.Mode,
        CapTunableMode.Mode,
        FederatedMode.Mode,
        DistributedDatabaseMode.Mode,
        PubSubMode.Mode,
        EventDrivenMode.Mode,
        CqrsMode.Mode,
        CircuitBreakerMode.Mode,
        LeaderElectionMode.Mode,
        LockMode.Mode,
        SagaMode.Mode,
        TwoPhaseCommitMode.Mode,
    ];

    /// <summary>Every bug that a node can be started with: the engine's, then the modes'.</summary>
    public static IReadOnlyList<PlantedFlaw> Flaws { get; } = [.. FlawCatalog.All, .. All.SelectMany(mode => mode.Parts.Flaws)];

    /// <summary>Their names, with commas between, for messages.</summary>
    public static string FlawNames => string.Join(", ", Flaws.Select(flaw => flaw.Name));

    /// <summary>The mode of that slug; null if there is none.</summary>
    public static Mode? Find(string slug) => All.FirstOrDefault(mode => mode.Slug == slug);

    /// <summary>The flaw of that name; null if there is none.</summary>
    public static PlantedFlaw? FindFlaw(string name) => Flaws.FirstOrDefault(flaw => flaw.Name == name);
}
