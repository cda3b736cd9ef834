namespace Cluster.Modes.PubSub;

/// <summary>What has become of a subscription.</summary>
internal enum InboxState
{
    /// <summary>It hears.</summary>
    Open,

    /// <summary>Its client has ended it.</summary>
    Unsubscribed,

    /// <summary>Its client did not keep up, and had chosen to be told so.</summary>
    CutOff,
}
