namespace Cluster.Engine.Actors.Remote;

/// <summary>Stands in a dead letter for a message from another node that could not be read.</summary>
public sealed record UndecodableMessage(string Type, uint Version, int Bytes, string Error);
