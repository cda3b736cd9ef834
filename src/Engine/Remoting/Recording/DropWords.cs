using Cluster.Engine.Remoting.Faults;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Why a frame was lost, as records say it to people.</summary>
internal static class DropWords
{
    public static string Of(DropReason reason) => reason switch
    {
        DropReason.PendingFull => "the bound on pending bytes was met",
        DropReason.LinkLost => "the connection was lost",
        DropReason.Oversized => "it was over the bound on one frame",
        DropReason.Fault => "the link is cut",
        DropReason.OtherCluster => "it came from another cluster, on a channel that is not for other clusters",
        DropReason.NoHandler => "nobody handles its channel",
        _ => "its handler failed",
    };

    public static string Of(FaultKind kind) => kind switch
    {
        FaultKind.Lost => "lost by a link fault",
        FaultKind.Overflowed => "the bound on frames held back by a link fault was met",
        _ => Of(DropReason.Fault),
    };
}
