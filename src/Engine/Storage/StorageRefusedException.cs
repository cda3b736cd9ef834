namespace Cluster.Engine.Storage;

/// <summary>Stored data is intact but not for this process: another node's, another cluster's, another format's, or in use. The message says what to do.</summary>
public sealed class StorageRefusedException(string path, string reason) : Exception($"{path}: {reason}")
{
    public string Path { get; } = path;
}
