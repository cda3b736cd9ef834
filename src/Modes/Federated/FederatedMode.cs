using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Federated;

/// <summary>Several clusters, each whole: a region of keys has its home in one of them, the others follow, and a cluster that is lost is replaced by an operator's decision.</summary>
public static class FederatedMode
{
    public const string Slug = "federated";

    internal const string Read = "read";
    internal const string Local = "local";
    internal const string Region = "region";
    internal const string To = "to";
    internal const string Regions = "regions";
    internal const string Conflicts = "conflicts";
    internal const string Failover = "failover";
    internal const string Home = "home";
    internal const string UnfencedHome = "unfenced-home";
    internal const string SkipOutbox = "skip-outbox";
    internal const string WallClock = "wall-clock";

    private const int NameBytesMax = 64;

    private static readonly ModeArgument ReadArgument = ModeArgument.Choice(Read, "Who answers: the key's home, or this cluster's copy, however old.", "home", Local).Or("home");

    private static readonly ModeArgument RegionArgument = ModeArgument.Text(Region, "The region, by its cluster's name.", NameBytesMax);

    private static readonly IReadOnlyList<string> Reads = [StorageOperations.Get, StorageOperations.Scan];

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Several whole clusters: each key has a home region that takes its writes, the others follow, and a lost cluster's regions are moved to another by an epoch.",
        FederatedLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [GroupCore.Type],
            Messages = messages => messages
                .Register("federated.homes", 1, FederationJson.Default.HomesTold)
                .Register("federated.pull", 1, FederationJson.Default.Pull)
                .Register("federated.part", 1, FederationJson.Default.StreamPart)
                .Register("federated.tail", 1, FederationJson.Default.TailSent)
                .Register("federated.forwarded", 1, FederationJson.Default.Forwarded)
                .Register("federated.reply", 1, FederationJson.Default.ForwardedReply)
                .Register("federated.news", 1, FederationJson.Default.HomesNews)
                .Register("federated.local-ask", 1, FederationJson.Default.LocalAsk)
                .Register("federated.local-answer", 1, FederationJson.Default.LocalAnswer),
            Operations =
            [
                StorageOperations.Reading(ReadArgument),
                StorageOperations.Writing(),
                StorageOperations.Deleting(),
                StorageOperations.Comparing(),
                StorageOperations.Scanning(ReadArgument, RegionArgument.Optional()),
                StorageOperations.Locating(),
                new ModeOperation(Regions, "Tells how every group of every region stands in this cluster: home, epoch, position, what is not replicated, and how long other clusters have been silent.") { IsRead = true },
                new ModeOperation(Conflicts, "Lists acknowledged writes that lost against a later home's, with their values.") { IsRead = true },
                new ModeOperation(Failover, "Makes a cluster the home of a region whatever the present home says: for one that is lost. What that one had not replicated is not here.")
                {
                    Arguments = [RegionArgument, ModeArgument.Text(To, "The cluster that takes over; left out: that of the node which is asked.", NameBytesMax).Optional()],
                },
                new ModeOperation(Home, "Moves a region's home without loss: the present home stops writes until the other cluster has everything. Without 'to', back to its own cluster (failback).")
                {
                    Arguments = [RegionArgument, ModeArgument.Text(To, "The cluster to move it to; left out: the region's own.", NameBytesMax).Optional()],
                },
            ],
            Door = static node => Props.Create(() => new FederatedActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = UnfencedHome, Breaks = "the federated mode's old home takes no notice of a later epoch and goes on taking writes after a failover: two homes" },
                new PlantedFlaw { Name = SkipOutbox, Breaks = "the federated mode takes what it has sent to another cluster for what has arrived there, and compares nothing: what a cut swallows is never sent again" },
                new PlantedFlaw { Name = WallClock, Breaks = "the federated mode settles writes of two homes by their wall clocks: of two writes the later one may lose" },
            ],
        },
        Storage = new StorageContract(
            11,
            [
                new(Reads, "read=home", ConsistencyModel.Linearizable, "while the region has one home: from a failover until the old home hears of it there may be two, and what the old one takes alone is settled by epoch"),
                new([StorageOperations.Put, StorageOperations.Delete, StorageOperations.CompareAndSet], "", ConsistencyModel.Linearizable, "likewise"),
                new(Reads, "read=local", ConsistencyModel.StrongEventual, "always, in every cluster that has a majority of its own; as old as the answer says"),
            ])
        {
            Textbook = new Textbook("linear", "strong", "all sides", "low", "Azure Cosmos DB and DynamoDB global tables by their documentation; Lloyd et al., Don't Settle for Eventual, SOSP 2011, section 2; Corbett et al., Spanner, OSDI 2012, section 2 (zones and placement)"),
            Clusters = 2,
            Cost = static nodes => Cost(nodes),
        },
    };

    /// <summary>
    /// Keys are spread over both regions by their hash, and clients over all nodes: half of the requests are at home, and half cross the WAN and come back. At home it is the engine's way to an entity.
    /// </summary>
    private static MessageCost Cost(int nodes)
    {
        var each = Math.Max(1, nodes / 2);
        var (forward, followers) = (2.0 * (each - 1) / each, Math.Min(3, each) - 1);
        var home = forward + (2 * followers);
        return new MessageCost(
            1 + home,
            1 + home + home + (2 + forward + home),
            "two clusters of half the nodes: for half of the requests two messages over the WAN; at home to the leader of the group's shard and back, and a round with each follower. A write that comes alone is taken by the other cluster's leader in a round of its own, which asks for more at once, over the WAN, and so tells how far it is: the home looks, and notes it in a third round. Writes of one group within 150 ms share the last two");
    }
}
