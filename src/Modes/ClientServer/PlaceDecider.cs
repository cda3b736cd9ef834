using Cluster.Engine.Port;

namespace Cluster.Modes.ClientServer;

/// <summary>Which node is the server: whoever was named first, for good. The data is on that node's disk and nowhere else, so a second server would be one without the data.</summary>
public sealed class PlaceDecider : IDecider<PlaceClaimed, PlaceCommand, PlaceClaimed>
{
    /// <summary>The one place.</summary>
    public const string PlaceId = "server";

    public static readonly EntityType<PlaceClaimed, PlaceCommand, PlaceClaimed> Type =
        new EntityType<PlaceClaimed, PlaceCommand, PlaceClaimed>("client-server-place", new PlaceDecider(), 1, ClientServerJson.Default.PlaceClaimed)
            .Message("claim", 1, ClientServerJson.Default.ClaimPlace)
            .Message("claimed", 1, ClientServerJson.Default.PlaceClaimed);

    public PlaceClaimed Empty { get; } = new("");

    public Decided<PlaceClaimed> Decide(PlaceClaimed state, PlaceCommand command, EntityContext context)
    {
        if (state.Node.Length > 0 || command is not ClaimPlace claim)
        {
            return Decided<PlaceClaimed>.Answer(state);
        }

        var claimed = new PlaceClaimed(claim.Node);
        return Decided<PlaceClaimed>.Accept(claimed).With(claimed);
    }

    public PlaceClaimed Apply(PlaceClaimed state, PlaceClaimed @event) => @event;
}
