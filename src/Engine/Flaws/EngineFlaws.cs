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

    /// <summary>Publish-subscribe confirms an unsubscription and goes on delivering.</summary>
    DeliverAfterUnsubscribe = 8,

    /// <summary>Publish-subscribe hands over whatever the links bring, as often and in whatever order.</summary>
    DeliverAsItComes = 16,

    /// <summary>Every node with members of a group gives the message to one of them.</summary>
    GroupOnEachNode = 32,
}
