namespace Cluster.Node.Resp.Protocol;

/// <summary>What the parser found.</summary>
internal enum ParseStatus
{
    /// <summary>The command is not all there yet; nothing is lost by asking again with more.</summary>
    NeedMore,

    /// <summary>A whole command; it may have no arguments (an empty line), which means nothing.</summary>
    Command,

    /// <summary>The bytes are no RESP: the error is told, and the connection ends, since nobody knows where the next command would begin.</summary>
    Error,
}
