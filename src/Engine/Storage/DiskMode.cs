namespace Cluster.Engine.Storage;

/// <summary>How a file is opened.</summary>
public enum DiskMode
{
    /// <summary>An existing file, to read.</summary>
    Read,

    /// <summary>An existing file, to read and write.</summary>
    ReadWrite,

    /// <summary>A new file, to read and write; what had the name is emptied.</summary>
    Create,
}
