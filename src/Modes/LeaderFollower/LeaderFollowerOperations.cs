using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.LeaderFollower;

/// <summary>What the mode can be asked, and its dial: when a write is answered, whose copy a read is of, and how old that may be.</summary>
internal static class LeaderFollowerOperations
{
    public const string Ack = "ack";
    public const string From = "from";
    public const string MaxLag = "max-lag";
    public const string Promote = "promote";
    public const string Node = "node";

    public const string FromLeader = "leader";
    public const string FromAny = "any";

    /// <summary>Longer than that behind is as good as any age: leave the argument out.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromHours(1);

    private static readonly ModeArgument AckArgument = ModeArgument.Choice(Ack, "When it is answered: on the leader's disk, on one follower's too, or on those of all in sync.", "semi", "sync", "async").Or("semi");

    private static readonly ModeArgument FromArgument = ModeArgument.Text(From, "Whose copy: leader, any (this node's), or a member by name.", 64).Or(FromLeader);

    private static readonly ModeArgument MaxLagArgument =
        ModeArgument.Duration(MaxLag, "Refuse to read a copy that may be further behind.", TimeSpan.FromMilliseconds(1), LongestLag).Optional();

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        StorageOperations.Reading(FromArgument, MaxLagArgument),
        StorageOperations.Writing(AckArgument),
        StorageOperations.Deleting(AckArgument),
        StorageOperations.Comparing(AckArgument),
        StorageOperations.Locating(),
        new(Promote, "Makes a replica the leader though it may lack acknowledged writes, which are lost then: when those in sync are gone for good.")
        {
            Arguments = [ModeArgument.Text(Node, "The member that is to lead.", 64)],
        },
    ];

    public static AckMode Mode(ModeRequest request) => request.Text(Ack) switch
    {
        "async" => AckMode.Async,
        "sync" => AckMode.Sync,
        _ => AckMode.Semi,
    };
}
