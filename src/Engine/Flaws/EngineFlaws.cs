namespace Cluster.Engine.Flaws;

/// <summary>Bugs to plant on purpose outside consensus; those inside are <see cref="Consensus.RaftFlaws"/>.</summary>
[Flags]
internal enum EngineFlaws
{
    None = 0,

    /// <summary>The log reports batches as durable that it has written and not flushed.</summary>
    NoFsync = 1,

    /// <summary>Shards do not remember requests: a retry is decided, and takes effect, again.</summary>
    ForgetSession = 2,

    /// <summary>Any replica answers any read from what it has applied.</summary>
    DirtyRead = 4,
}
