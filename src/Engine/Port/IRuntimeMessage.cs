namespace Cluster.Engine.Port;

/// <summary>Marks what the runtime looks at before the actor does. Such a message always finds room in a mailbox.</summary>
internal interface IRuntimeMessage;
