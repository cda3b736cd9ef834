namespace Cluster.Engine.Port;

/// <summary>The actor hears it from now on; other nodes learn of it after this.</summary>
public sealed record SubscribeAck(Subscribe Subscribe);
