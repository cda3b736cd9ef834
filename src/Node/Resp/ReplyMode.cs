namespace Cluster.Node.Resp;

/// <summary>Which replies a connection gets: CLIENT REPLY.</summary>
internal enum ReplyMode
{
    On,
    Off,

    /// <summary>None to the next command, then on again.</summary>
    SkipNext,
}
