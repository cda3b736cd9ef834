namespace Cluster.Engine.Storage;

/// <summary>
/// The one way this engine touches a disk: files by names relative to a data directory (<c>wal/0000000000000001.wal</c>), so that a
/// test or the simulator can put a disk beneath that loses, tears and refuses writes. What an implementation promises: bytes are
/// durable after <see cref="IDiskFile.Flush"/>, names after <see cref="SyncFolder"/>, and nothing before.
/// </summary>
/// <remarks>
/// A full disk is a <see cref="DiskFullException"/>, a failed flush a <see cref="DiskFlushException"/>, anything else that the disk
/// refuses an <see cref="IOException"/>. A name that leaves the directory is an <see cref="ArgumentException"/>.
/// </remarks>
public interface IDisk
{
    /// <summary>Bytes that can still be written before the disk is full. An estimate: others write to the same disk.</summary>
    long FreeBytes { get; }

    /// <summary>The full path of a name, for messages to people.</summary>
    string PathOf(string name);

    /// <summary>Opens a file. Its folder must exist. A created file's name is durable only after <see cref="SyncFolder"/>.</summary>
    /// <param name="preallocateBytes">With <see cref="DiskMode.Create"/>: the file gets this length, reads as zeros, and has its space reserved where the file system can.</param>
    /// <exception cref="FileNotFoundException">The mode wants a file that is not there.</exception>
    /// <exception cref="DiskFullException">No room for the preallocation; no file is left behind that was not there before.</exception>
    IDiskFile Open(string name, DiskMode mode, long preallocateBytes = 0);

    bool Exists(string name);

    /// <summary>What a folder holds, in ordinal order of names; nothing when the folder is not there. The empty name is the data directory itself.</summary>
    IReadOnlyList<DiskEntry> List(string folder);

    /// <summary>Makes a folder and those above it, durably; does nothing when it is there.</summary>
    void CreateFolder(string folder);

    /// <summary>Renames within one folder, replacing what had the new name, atomically: after a crash one name or the other holds the file.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; one that is not there is no error.</summary>
    void Delete(string name);

    /// <summary>Makes the creations, renames and deletions in a folder durable.</summary>
    void SyncFolder(string folder);

    /// <summary>
    /// Takes a lock that ends with the process at the latest. Null when another holds it: <paramref name="holder"/> then says who,
    /// in the words that the holder gave as <paramref name="owner"/>.
    /// </summary>
    IDisposable? TryLock(string name, string owner, out string holder);
}
