using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Modes.Cqrs;

/// <summary>What the two sides of one node share: the ways to the event store and to the views, what is counted, and which bugs this node has on purpose.</summary>
internal sealed class CqrsServices(IModeNode node)
{
    /// <summary>Partitions of the event store; each projection has a view for each.</summary>
    public const int Partitions = 4;

    public static readonly EntityType<GroupState, GroupCommand, GroupEvent> GroupType = GroupCore.TypeOf("cqrs-group");

    /// <summary>Nothing goes from an event store by itself.</summary>
    private static readonly LogSettings Streams = new() { Cleanup = LogCleanup.Streams, RetentionBytes = 64 * 1024 * 1024 };

    public string Node { get; } = node.Name.ToString();

    public IDurableLog Log { get; } = node.Log;

    public IShardRegion Views { get; } = node.Sharding.Start(ViewCore.Type);

    public IShardRegion Projections { get; } = node.Sharding.Start(ProjectionCore.Type);

    public IShardRegion Groups { get; } = node.Sharding.Start(GroupType);

    public bool DecidesOnce { get; } = node.HasFlaw(CqrsFlaws.DecideOnce);

    public bool NotesPositionsApart { get; } = node.HasFlaw(CqrsFlaws.ProjectTwice);

    public bool IgnoresTokens { get; } = node.HasFlaw(CqrsFlaws.IgnoreToken);

    public Counter<long> Commands { get; } = node.Meter.CreateCounter<long>("cqrs.commands", "{command}", "Commands that were obeyed through this node");

    public Counter<long> Conflicts { get; } = node.Meter.CreateCounter<long>("cqrs.conflicts", "{command}", "Appends that met another version than they expected");

    public Counter<long> Projected { get; } = node.Meter.CreateCounter<long>("cqrs.projected", "{event}", "Events that projectors on this node took into views");

    public Histogram<double> LagMs { get; } = node.Meter.CreateHistogram<double>("cqrs.lag", "ms", "How old an event was when it was taken into a view");

    public static string Events(int partition) => FormattableString.Invariant($"cqrs:orders/{partition}");

    public static int PartitionOf(string order) => LogSteps.PartitionOf(order, Partitions);

    public static string View(string projection, long generation, int partition) => FormattableString.Invariant($"{projection}@{generation}/{partition}");

    public static LogCommand ReadStream(string order, ulong from) => new()
    {
        ReadStream = new LogReadStream { Partition = Events(PartitionOf(order)), Key = ByteString.CopyFromUtf8(order), FromVersion = from, MaxRecords = 100 },
    };

    /// <summary>One event at the end of an order's stream, which must be at that version.</summary>
    public static LogCommand Append(string order, string json, ulong version) => LogSteps.Transaction(
        LogSteps.Configure(Events(PartitionOf(order)), Streams),
        LogSteps.Append(Events(PartitionOf(order)), new LogAppend { Records = { LogSteps.Record(order, json) }, ExpectedVersion = version }));

    /// <summary>A line for whoever watches the node's events.</summary>
    public void Tell(string happened) => node.Tell(happened);
}
