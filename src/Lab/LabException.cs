namespace Cluster.Lab;

/// <summary>Something that the user can act on. The message says what happened, where, and what to do; no stack trace is shown.</summary>
public sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);
