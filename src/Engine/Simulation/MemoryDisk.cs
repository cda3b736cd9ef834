using Cluster.Engine.Storage;

namespace Cluster.Engine.Simulation;

/// <summary>
/// A disk in memory that forgets as a real one does. What was not flushed is kept apart, and <see cref="Crash"/> decides by a seed what of it
/// survives: a write whole, some of its 512-byte sectors, or nothing; of a folder's unsynced names any prefix, as on a journaling file
/// system. What was flushed always survives, until a test flips a bit. One thread at a time.
/// </summary>
/// <remarks>It is stricter than most disks: writes are reordered freely between two flushes, and a file's name needs its folder's sync.</remarks>
public sealed partial class MemoryDisk : IDisk
{
    private readonly SortedDictionary<string, MemoryDiskContent> current = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MemoryDiskContent> durable = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<NameChange>> unsyncedNames = new(StringComparer.Ordinal);
    private readonly SortedSet<string> folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> locks = new(StringComparer.Ordinal);
    private int life;

    /// <summary>What a name came to stand for, or null for none, and the name that this took the file from. Replayed in order on the durable names.</summary>
    private readonly record struct NameChange(string Name, MemoryDiskContent? Content, string? TakenFrom = null);

    public long FreeBytes => Faults.CapacityBytes - UsedBytes;

    /// <summary>The lengths of all files together.</summary>
    public long UsedBytes
    {
        get
        {
            long used = 0;
            foreach (var content in current.Values)
            {
                used += content.Length;
            }

            return used;
        }
    }

    public string PathOf(string name) => "memory:/" + DiskName.RequireFolder(name);

    public IDiskFile Open(string name, DiskMode mode, long preallocateBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(preallocateBytes);
        Count();
        DiskName.Require(name);
        var exists = current.TryGetValue(name, out var content);
        if (mode != DiskMode.Create)
        {
            return exists ? new File(this, name, content!, life) : throw new FileNotFoundException($"{PathOf(name)} does not exist", name);
        }

        RequireFolderOf(name);
        if (preallocateBytes - (content?.Length ?? 0) > FreeBytes)
        {
            throw new DiskFullException(PathOf(name), preallocateBytes);
        }

        if (content is null)
        {
            content = new MemoryDiskContent();
            Change(name, content);
        }

        content.Truncate(0);
        content.Truncate(preallocateBytes);
        return new File(this, name, content, life);
    }

    public bool Exists(string name) => current.ContainsKey(DiskName.Require(name));

    public IReadOnlyList<DiskEntry> List(string folder)
    {
        Count();
        DiskName.RequireFolder(folder);
        var entries = new List<DiskEntry>();
        foreach (var (name, content) in current)
        {
            if (DiskName.FolderOf(name) == folder)
            {
                entries.Add(new DiskEntry(name, IsFolder: false, content.Length));
            }
        }

        foreach (var name in folders)
        {
            if (DiskName.FolderOf(name) == folder)
            {
                entries.Add(new DiskEntry(name, IsFolder: true, LengthBytes: 0));
            }
        }

        entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return entries;
    }

    public void CreateFolder(string folder)
    {
        Count();
        for (var name = DiskName.RequireFolder(folder); name.Length > 0; name = DiskName.FolderOf(name))
        {
            folders.Add(name);
        }
    }

    public void Rename(string from, string to)
    {
        DiskName.RequireSameFolder(DiskName.Require(from), DiskName.Require(to));
        Count();
        if (!current.TryGetValue(from, out var content))
        {
            throw new FileNotFoundException($"{PathOf(from)} does not exist", from);
        }

        // One change, not two: a crash must not leave the file under both names.
        current.Remove(from);
        current[to] = content;
        ChangesOf(from).Add(new NameChange(to, content, TakenFrom: from));
    }

    public void Delete(string name)
    {
        Count();
        if (current.ContainsKey(DiskName.Require(name)))
        {
            Change(name, null);
        }
    }

    public void SyncFolder(string folder)
    {
        DiskName.RequireFolder(folder);
        Count();
        FolderSyncs++;
        if (Faults.FailFlushes)
        {
            FaultsMet++;
            throw new DiskFlushException(PathOf(folder), "injected");
        }

        if (Lies())
        {
            return;
        }

        if (unsyncedNames.Remove(folder, out var changes))
        {
            Apply(changes, changes.Count);
        }
    }

    public IDisposable? TryLock(string name, string owner, out string holder)
    {
        if (locks.TryGetValue(DiskName.Require(name), out var present))
        {
            holder = present;
            return null;
        }

        locks.Add(name, owner);
        holder = owner;
        return new Lock(this, name, life);
    }

    private void RequireFolderOf(string name)
    {
        if (DiskName.FolderOf(name) is { Length: > 0 } folder && !folders.Contains(folder))
        {
            throw new DirectoryNotFoundException($"{PathOf(folder)} does not exist");
        }
    }

    private void Change(string name, MemoryDiskContent? content)
    {
        if (content is null)
        {
            current.Remove(name);
        }
        else
        {
            current[name] = content;
        }

        ChangesOf(name).Add(new NameChange(name, content));
    }

    private List<NameChange> ChangesOf(string name)
    {
        var folder = DiskName.FolderOf(name);
        if (!unsyncedNames.TryGetValue(folder, out var changes))
        {
            unsyncedNames.Add(folder, changes = []);
        }

        return changes;
    }

    private void Apply(List<NameChange> changes, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (changes[i].TakenFrom is { } old)
            {
                durable.Remove(old);
                Witness?.Named(old, null);
            }

            Witness?.Named(changes[i].Name, changes[i].Content);

            if (changes[i].Content is { } content)
            {
                durable[changes[i].Name] = content;
            }
            else
            {
                durable.Remove(changes[i].Name);
            }
        }
    }

    private sealed class Lock(MemoryDisk disk, string name, int life) : IDisposable
    {
        public void Dispose()
        {
            if (disk.life == life)
            {
                disk.locks.Remove(name);
            }
        }
    }
}
