namespace Cluster.Engine.Remoting.Recording;

/// <summary>How much of a frame is told when its record is read out: enough to follow a key, never as much as the frame itself.</summary>
internal static class PartLimits
{
    /// <summary>Messages of one frame: more groups than a lab cluster has on one node.</summary>
    public const int MaxParts = 64;

    /// <summary>Keys of one message: an append carries a few entries at most times; of a larger batch the first ones are told.</summary>
    public const int MaxKeys = 8;

    /// <summary>Longest key, in characters: the keys of workloads are far shorter.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>Longest name, such as an actor's path, in characters.</summary>
    public const int MaxNameLength = 120;
}
