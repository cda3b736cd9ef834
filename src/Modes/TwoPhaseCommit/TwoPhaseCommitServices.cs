using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>What every coordinator on one node shares.</summary>
internal sealed class TwoPhaseCommitServices
{
    private readonly Counter<long> ended;
    private readonly Histogram<double> held;

    /// <param name="log">This node's way to the logs.</param>
    public TwoPhaseCommitServices(IModeNode node, IActorRef log, LedgerWays ledgers)
    {
        (Name, Log, Ledgers) = (node.Name.ToString(), log, ledgers);
        CommitsWithoutAllVotes = node.HasFlaw(TwoPhaseCommitFlaws.CommitWithoutAllVotes.Name);
        IsImpatient = node.HasFlaw(TwoPhaseCommitFlaws.ImpatientParticipant.Name);
        ended = node.Meter.CreateCounter<long>("two-phase-commit.ended", "{transaction}", "Transactions that this node finished, by coordinator and outcome");
        held = node.Meter.CreateHistogram<double>("two-phase-commit.locked", "s", "How long a ledger was locked, from its vote to its commit or abort, by coordinator");
    }

    public string Name { get; }

    public IActorRef Log { get; }

    public LedgerWays Ledgers { get; }

    public bool CommitsWithoutAllVotes { get; }

    public bool IsImpatient { get; }

    public void Measure(CoordinatorState state)
    {
        var coordinator = new KeyValuePair<string, object?>("coordinator", state.Transaction.Coordinator.ToString().ToLowerInvariant());
        ended.Add(1, coordinator, new("outcome", state.Transaction.Phase.ToString().ToLowerInvariant()));
        foreach (var ms in state.HeldMs)
        {
            held.Record(ms / 1_000.0, coordinator);
        }
    }
}
