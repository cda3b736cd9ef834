using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;

namespace Cluster.Modes.LogBased;

/// <summary>What the requests of one node share: the ways to the log and to its catalogues, what is counted, and which bugs this node has on purpose.</summary>
internal sealed class LogBasedServices(IModeNode node)
{
    public static readonly EntityType<GroupState, GroupCommand, GroupEvent> GroupType = GroupCore.TypeOf("log-based-group");

    public IDurableLog Log { get; } = node.Log;

    public IShardRegion Topics { get; } = node.Sharding.Start(TopicCore.Type);

    public IShardRegion Producers { get; } = node.Sharding.Start(ProducerCore.Type);

    public IShardRegion Groups { get; } = node.Sharding.Start(GroupType);

    public bool AppendsRetriesTwice { get; } = node.HasFlaw(LogBasedFlaws.RetryAppendsTwice);

    public bool LetsZombiesCommit { get; } = node.HasFlaw(LogBasedFlaws.ZombieCommits);

    public bool CommitsApart { get; } = node.HasFlaw(LogBasedFlaws.CommitApart);

    public Counter<long> Appended { get; } = node.Meter.CreateCounter<long>("log-based.appended", "{record}", "Records that were appended through this node");

    public Counter<long> Duplicates { get; } = node.Meter.CreateCounter<long>("log-based.duplicates", "{batch}", "Batches that were sent again and stood there already");

    public Counter<long> Fetched { get; } = node.Meter.CreateCounter<long>("log-based.fetched", "{record}", "Records that were read through this node");

    public Counter<long> Rebalances { get; } = node.Meter.CreateCounter<long>("log-based.rebalances", "{generation}", "Generations of groups that members first heard of through this node");

    public Counter<long> Fenced { get; } = node.Meter.CreateCounter<long>("log-based.fenced", "{request}", "Requests of an old epoch or generation that a partition refused");

    /// <summary>A group consumes one topic; by the same name it may consume another one, apart.</summary>
    public static string GroupId(string group, string topic) => $"{group}/{topic}";

    /// <summary>A line for whoever watches the node's events.</summary>
    public void Tell(string happened) => node.Tell(happened);
}
