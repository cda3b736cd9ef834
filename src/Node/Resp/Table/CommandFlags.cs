namespace Cluster.Node.Resp.Table;

/// <summary>What a command is, in Redis's words and in the order in which Redis tells them; <c>COMMAND INFO</c> answers from it.</summary>
[Flags]
internal enum CommandFlags
{
    None = 0,
    Write = 1,
    ReadOnly = 2,

    /// <summary>May add memory.</summary>
    DenyOom = 4,

    /// <summary>Concerns the server, not the keys.</summary>
    Admin = 8,

    /// <summary>Not for scripts. There are none here; told since clients know it of Redis, as are <see cref="NoAsyncLoading"/> and <see cref="AllowBusy"/>.</summary>
    NoScript = 16,

    /// <summary>Served while the node is still starting.</summary>
    Loading = 32,

    /// <summary>Served where replicated data may be old.</summary>
    Stale = 64,
    Fast = 128,

    /// <summary>Served before AUTH.</summary>
    NoAuth = 256,
    NoAsyncLoading = 512,

    /// <summary>Refused inside MULTI.</summary>
    NoMulti = 1024,
    AllowBusy = 2048,

    /// <summary>Concerns topics, and no keys.</summary>
    PubSub = 4096,
}
