namespace Cluster.Node.Resp.Commands;

/// <summary>What a command is, in Redis's words; <c>COMMAND INFO</c> answers from it.</summary>
[Flags]
internal enum CommandFlags
{
    None = 0,
    ReadOnly = 1,
    Write = 2,

    /// <summary>May add memory, so a full store refuses it.</summary>
    DenyOom = 4,
    Fast = 8,
    Admin = 16,

    /// <summary>Served before AUTH.</summary>
    NoAuth = 32,

    /// <summary>Served while the node is still starting.</summary>
    Loading = 64,

    /// <summary>Served where replicated data may be old.</summary>
    Stale = 128,
}
