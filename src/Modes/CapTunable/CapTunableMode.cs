using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.CapTunable;

/// <summary>One data set on Raft groups, and each read says what it needs: from linearizable to whatever a replica nearby has.</summary>
public static class CapTunableMode
{
    public const string Slug = "cap-tunable";

    internal const string Consistency = "consistency";
    internal const string Bound = "bound";
    internal const string LeaseUnchecked = "lease-unchecked";
    internal const string BoundIgnored = "bound-ignored";
    internal const string SessionForgetsToken = "session-forgets-token";

    private static readonly ModeArgument TokenArgument = ModeArgument.Text(StorageOperations.Token, "What the client has seen, as the last answer told it.", SessionToken.MostBytes).Optional();

    private static readonly IReadOnlyList<string> Reads = [StorageOperations.Get];

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Each read chooses its place between consistency and availability: linearizable, lease, bounded, session or eventual, on one data set.",
        CapTunableLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [PartitionCore.Type],
            Messages = messages => messages
                .Register("cap-tunable.peek", 1, CapTunableJson.Default.Peek)
                .Register("cap-tunable.peeked", 1, CapTunableJson.Default.Peeked),
            Operations =
            [
                StorageOperations.Reading(
                    ModeArgument.Choice(Consistency, "What the read promises.", "linearizable", "lease", "bounded", "session", "eventual").Or("linearizable"),
                    ModeArgument.Duration(Bound, "With consistency=bounded: how far behind it may be.", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)).Or("500ms"),
                    TokenArgument),
                StorageOperations.Writing(TokenArgument),
                StorageOperations.Deleting(TokenArgument),
                StorageOperations.Comparing(TokenArgument),
                StorageOperations.Locating(),
            ],
            Door = static node => Props.Create(() => new CapTunableActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = LeaseUnchecked, Breaks = "the cap-tunable mode's reads by lease are answered by any replica, whether a lease holds there or not" },
                new PlantedFlaw { Name = BoundIgnored, Breaks = "the cap-tunable mode's bounded reads are answered by any replica, however far behind" },
                new PlantedFlaw { Name = SessionForgetsToken, Breaks = "the cap-tunable mode's session reads take no notice of the client's token" },
            ],
        },
        Storage = new StorageContract(
            10,
            [
                new(Reads, "consistency=linearizable", ConsistencyModel.Linearizable, "on the side of the majority; no answer on the other"),
                new([StorageOperations.Put, StorageOperations.Delete, StorageOperations.CompareAndSet], "", ConsistencyModel.Linearizable, "on the side of the majority; no answer on the other"),
                new(Reads, "consistency=lease", ConsistencyModel.Linearizable, "while clocks run at nearly one rate; no answer where the leader cannot be reached"),
                new(Reads, "consistency=bounded", ConsistencyModel.BoundedStaleness, "always; no answer once a minority has been cut off for longer than the bound"),
                new(Reads, "consistency=session", ConsistencyModel.Session, "for a client that hands its token back; answered wherever a replica has what the client has seen"),
                new(Reads, "consistency=eventual", ConsistencyModel.Eventual, "always, on every side of a partition that has a replica"),
            ])
        {
            Textbook = new Textbook("linear", "tunable", "all sides", "low", "Bermbach and Tai 2011; Terry et al., Consistency-based service level agreements, SOSP 2013"),
            Cost = static nodes => ShardCost.Of(nodes, "a read by lease is without the round, one from a replica nearby without messages"),
        },
    };
}
