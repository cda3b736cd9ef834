using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>A message that a client published, or tried to.</summary>
internal sealed class Publication(Operation operation)
{
    public Operation Operation => operation;

    public string Topic => operation.Key;

    public string Message => operation.Input[0]!;

    /// <summary>Whether it went to one member of each group instead of to all without a group.</summary>
    public bool ToGroups => operation.Input[1] == "group";

    public override string ToString() => $"\"{Message}\", published on {Topic} by process {operation.Process} at {Instant.Of(operation.Call)}";
}
