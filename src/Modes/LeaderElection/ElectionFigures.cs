using System.Diagnostics.Metrics;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.LeaderElection;

/// <summary>What a node measures of the leaders that it has been.</summary>
internal sealed class ElectionFigures(IModeNode node)
{
    /// <summary>Lives of the leader that began on this node.</summary>
    public Counter<long> Reigns { get; } = node.Meter.CreateCounter<long>("leader-election.reigns", "{reign}", "Lives of the leader that began on this node");

    /// <summary>Tickets that this node assigned while it led.</summary>
    public Counter<long> Tickets { get; } = node.Meter.CreateCounter<long>("leader-election.tickets", "{ticket}", "Tickets that this node assigned while it led");

    /// <summary>Tickets that the book refused because a later epoch had written there: what fencing has caught.</summary>
    public Counter<long> Fenced { get; } = node.Meter.CreateCounter<long>("leader-election.fenced", "{ticket}", "Tickets that the book refused to this node because a later leader had written there");
}
