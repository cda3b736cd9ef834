namespace Cluster.Client.Locks;

/// <summary>No node has served a request in time; it may be sent again.</summary>
internal sealed class NoAnswerException(string message) : Exception(message);
