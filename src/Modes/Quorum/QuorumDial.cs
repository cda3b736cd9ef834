using Cluster.Modes.Hosting;

namespace Cluster.Modes.Quorum;

/// <summary>What one request asks for: how many copies it reads, how many it writes, and whether others may stand in for those that cannot be reached.</summary>
/// <param name="Read">R: copies that must answer a read, or the first round of a write.</param>
/// <param name="Write">W: copies that must have a write on their disks; a read that must not be overtaken writes back to as many.</param>
/// <param name="Sloppy">Whether nodes further down the ring may stand in (Dynamo, section 4.6).</param>
internal readonly record struct QuorumDial(int Read, int Write, bool Sloppy)
{
    /// <summary>N. A matter of the data and not of the request: two requests with another N would mean other copies. Fewer in a cluster of fewer members.</summary>
    public const int Copies = 3;

    public const string R = "r";
    public const string W = "w";
    public const string SloppyName = "sloppy";
    public const string ContextName = "context";

    private const string Yes = "yes";

    /// <summary>Whether every quorum that reads meets every quorum that wrote with the same dial, so that what was written is seen.</summary>
    public bool Intersects(int copies) => !Sloppy && Read + Write > copies;

    public static IReadOnlyList<ModeArgument> Arguments { get; } =
    [
        ModeArgument.Number(R, "Copies that are read, of 3; a write reads the key's counter from as many first.", 1, Copies).Or("2"),
        ModeArgument.Number(W, "Copies that must have it on their disks, of 3; with r+w over 3 a read writes back to as many before it answers.", 1, Copies).Or("2"),
        ModeArgument.Choice(SloppyName, "Whether nodes further down the ring stand in for those that cannot be reached, with a hint for whom.", Yes, "no").Or("no"),
    ];

    public static QuorumDial Of(ModeRequest request) => new((int)request.Number(R), (int)request.Number(W), request.Text(SloppyName) == Yes);

    public override string ToString() => FormattableString.Invariant($"r={Read} w={Write}{(Sloppy ? " sloppy=yes" : "")}");
}
