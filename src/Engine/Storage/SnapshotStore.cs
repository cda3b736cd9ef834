using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Storage;

/// <summary>
/// The snapshots of all groups on a node: <c>snapshots/GROUP/INDEX-TERM.snap</c>. A file with that name is whole and durable, as it got the name last; damage
/// to it later is found before any of it is used.
/// </summary>
public sealed class SnapshotStore
{
    private const string AsideSuffix = ".tmp";

    private readonly IDisk disk;
    private readonly SnapshotOptions options;

    private SnapshotStore(IDisk disk, SnapshotOptions options)
    {
        this.disk = disk;
        this.options = options;
    }

    /// <summary>Opens the store, or makes it, and removes what was unfinished when the node stopped.</summary>
    public static SnapshotStore Open(IDisk disk, SnapshotOptions options)
    {
        options.Validated();
        disk.CreateFolder(options.Folder);
        foreach (var folder in disk.List(options.Folder))
        {
            foreach (var entry in disk.List(folder.Name))
            {
                if (entry.Name.EndsWith(AsideSuffix, StringComparison.Ordinal))
                {
                    disk.Delete(entry.Name);
                }
            }
        }

        return new SnapshotStore(disk, options);
    }

    /// <summary>Starts a snapshot of the state after the entry at <paramref name="index"/>. The caller writes, completes and disposes.</summary>
    /// <exception cref="IOException">The disk refused it (<see cref="DiskFullException"/>).</exception>
    public SnapshotWriter Write(ShardId group, ulong index, ulong term, Configuration configuration)
    {
        disk.CreateFolder(SnapshotFormat.FolderOf(options.Folder, group));
        var aside = SnapshotFormat.NameOf(options.Folder, group, index, term) + ".write" + AsideSuffix;
        return new SnapshotWriter(this, disk, options, group, index, term, configuration, aside);
    }

    /// <summary>Starts to take a snapshot from another node. False, with the reason, when it cannot fit.</summary>
    public bool TryReceive(
        ShardId group,
        ulong index,
        ulong term,
        Configuration configuration,
        long totalBytes,
        [NotNullWhen(true)] out SnapshotReceiver? receiver,
        [NotNullWhen(false)] out string? refused)
    {
        receiver = null;
        refused = null;
        if (totalBytes < SnapshotFormat.HeaderSize + SnapshotFormat.TrailerFixedSize || totalBytes > options.FileBytesMax)
        {
            refused = $"a snapshot of {totalBytes} bytes is announced, allowed are {SnapshotFormat.HeaderSize + SnapshotFormat.TrailerFixedSize} to {options.FileBytesMax}";
            return false;
        }

        try
        {
            if (disk.FreeBytes < totalBytes + options.ReserveBytes)
            {
                throw new DiskFullException(disk.PathOf(options.Folder), totalBytes + options.ReserveBytes);
            }

            disk.CreateFolder(SnapshotFormat.FolderOf(options.Folder, group));
            var aside = SnapshotFormat.NameOf(options.Folder, group, index, term) + ".receive" + AsideSuffix;
            receiver = new SnapshotReceiver(this, disk, options, group, index, term, configuration, totalBytes, aside);
            return true;
        }
        catch (IOException error)
        {
            refused = error.Message;
            return false;
        }
    }

    /// <summary>Index and term of the finished snapshots of a group, newest first.</summary>
    public IReadOnlyList<(ulong Index, ulong Term)> List(ShardId group)
    {
        var found = new List<(ulong Index, ulong Term)>();
        foreach (var entry in disk.List(SnapshotFormat.FolderOf(options.Folder, group)))
        {
            if (SnapshotFormat.TryParseName(entry.Name, out var index, out var term))
            {
                found.Add((index, term));
            }
        }

        found.Sort((left, right) => right.CompareTo(left));
        return found;
    }

    /// <summary>Opens one snapshot to read or send it; null when it is not, or no longer, there.</summary>
    /// <exception cref="StorageCorruptException">Its header or trailer do not verify.</exception>
    public SnapshotReader? TryOpen(ShardId group, ulong index, ulong term)
    {
        var name = SnapshotFormat.NameOf(options.Folder, group, index, term);
        return disk.Exists(name) ? SnapshotReader.Open(disk, name, group) : null;
    }

    /// <summary>
    /// Chooses what a starting replica restores: the newest snapshot that verifies from end to end and is not older than
    /// <paramref name="neededFrom"/>, the log's snapshot mark, up to which the log holds no entries any more. An older one is never taken silently.
    /// One newer than the mark is of a crash between the two: the owner appends its mark before anything else of the group.
    /// </summary>
    /// <exception cref="StorageCorruptException">The log builds on a snapshot, and none that is new enough is there and intact.</exception>
    public SnapshotChoice OpenNewest(ShardId group, ulong neededFrom)
    {
        var skipped = new List<string>();
        StorageCorruptException? damage = null;
        ulong? older = null;
        foreach (var (index, term) in List(group))
        {
            if (index < neededFrom)
            {
                older ??= index;
                continue;
            }

            SnapshotReader? reader = null;
            try
            {
                reader = SnapshotReader.Open(disk, SnapshotFormat.NameOf(options.Folder, group, index, term), group);
                reader.Verify();
                return new SnapshotChoice(reader, skipped);
            }
            catch (StorageCorruptException error)
            {
                reader?.Dispose();
                damage ??= error;
                skipped.Add(error.Message);
            }
        }

        return neededFrom == 0 ? new SnapshotChoice(null, skipped) : throw NothingServes(group, neededFrom, damage, older);
    }

    /// <summary>
    /// Removes all snapshots of a group that left this node. Only after its removal from the log is durable: a log that builds on a snapshot which is gone
    /// is refused at the next start.
    /// </summary>
    public void DeleteGroup(ShardId group)
    {
        var folder = SnapshotFormat.FolderOf(options.Folder, group);
        var present = disk.List(folder);
        foreach (var entry in present)
        {
            disk.Delete(entry.Name);
        }

        if (present.Count > 0)
        {
            disk.SyncFolder(folder);
        }
    }

    /// <summary>Removes the snapshots of all groups but those that the log knows: at start, for groups whose removal a crash cut short.</summary>
    public void DeleteAllBut(IReadOnlyCollection<ShardId> groups)
    {
        foreach (var folder in disk.List(options.Folder))
        {
            var leaf = folder.Name.AsSpan(folder.Name.LastIndexOf('/') + 1);
            if (folder.IsFolder && uint.TryParse(leaf, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !groups.Contains(new ShardId(id)))
            {
                DeleteGroup(new ShardId(id));
            }
        }
    }

    /// <summary>Gives a flushed file its final name, durably.</summary>
    internal void Name(string aside, ShardId group, ulong index, ulong term)
    {
        disk.Rename(aside, SnapshotFormat.NameOf(options.Folder, group, index, term));
        disk.SyncFolder(SnapshotFormat.FolderOf(options.Folder, group));
    }

    internal void DeleteOlder(ShardId group)
    {
        var present = List(group);
        for (var i = options.Kept; i < present.Count; i++)
        {
            DeleteQuietly(SnapshotFormat.NameOf(options.Folder, group, present[i].Index, present[i].Term));
        }
    }

    internal void DeleteQuietly(string name)
    {
        try
        {
            disk.Delete(name);
        }
        catch (IOException)
        {
            // A leftover costs space only: an unfinished one goes at the next start, an old one with the next snapshot.
        }
    }

    private StorageCorruptException NothingServes(ShardId group, ulong neededFrom, StorageCorruptException? damage, ulong? older)
    {
        var alternative = older is { } index
            ? string.Create(CultureInfo.InvariantCulture, $"; the snapshot at entry {index} is no substitute, as the log no longer holds entries {index + 1} to {neededFrom}")
            : "";
        return damage is null
            ? new StorageCorruptException(disk.PathOf(SnapshotFormat.FolderOf(options.Folder, group)), 0, $"group {group} needs a snapshot at entry {neededFrom} or later, and there is none{alternative}")
            : new StorageCorruptException(damage.Path, damage.Offset, damage.Found + alternative);
    }
}
