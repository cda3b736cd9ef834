namespace Cluster.Engine.Actors.Remote;

/// <summary>A message as it travels: which type by its stable id, which version of that type, and its bytes.</summary>
public readonly record struct EncodedMessage(string Type, uint Version, ReadOnlyMemory<byte> Payload);
