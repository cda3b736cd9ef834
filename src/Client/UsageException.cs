namespace Cluster.Client;

/// <summary>The user asked for something that is not there. Ends with <see cref="ExitCodes.Usage"/>.</summary>
internal sealed class UsageException(string message) : Exception(message);
