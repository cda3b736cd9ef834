namespace Cluster.Engine.Storage;

/// <summary>
/// Stored bytes are not what was written and acknowledged. The node must not start on them: it would have forgotten votes or entries that
/// others count on. The message says which file, where in it, what was found, and what an operator can do.
/// </summary>
public sealed class StorageCorruptException : Exception
{
    /// <summary>What always helps, as the data is on the other replicas.</summary>
    internal const string RemoveOrRestore =
        "Either restore the file from a copy taken while this node was stopped, or remove this node's data directory and let it join again as a new node; its shards are copied to it from the other replicas";

    public StorageCorruptException(string path, long offset, string found, string remedy = RemoveOrRestore)
        : base($"{path} is corrupt at byte {offset}: {found}. {remedy}")
    {
        Path = path;
        Offset = offset;
        Found = found;
    }

    /// <summary>The damaged file or folder.</summary>
    public string Path { get; }

    /// <summary>Where in the file the damage shows.</summary>
    public long Offset { get; }

    /// <summary>What stands there, in words.</summary>
    public string Found { get; }
}
