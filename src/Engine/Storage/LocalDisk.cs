using System.Text;

namespace Cluster.Engine.Storage;

/// <summary>The real disk beneath a data directory. Durable means: fdatasync on files, fsync on folders, where the system has them.</summary>
public sealed class LocalDisk : IDisk
{
    private readonly string root;

    /// <summary>Makes the directory when it is not there.</summary>
    /// <exception cref="IOException">It cannot be made or is a file.</exception>
    public LocalDisk(string dataDirectory)
    {
        root = Path.GetFullPath(dataDirectory);
        Directory.CreateDirectory(root);
    }

    public long FreeBytes => new DriveInfo(root).AvailableFreeSpace;

    public string PathOf(string name) => name.Length == 0 ? root : FileOf(name);

    public IDiskFile Open(string name, DiskMode mode, long preallocateBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(preallocateBytes);
        var path = FileOf(name);
        var isNew = mode == DiskMode.Create && !File.Exists(path);
        var file = LocalDiskFile.Open(name, path, mode);
        try
        {
            if (mode == DiskMode.Create && preallocateBytes > 0)
            {
                file.Preallocate(preallocateBytes);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            if (isNew)
            {
                File.Delete(path);
            }

            throw;
        }
    }

    public bool Exists(string name) => File.Exists(FileOf(name));

    public IReadOnlyList<DiskEntry> List(string folder)
    {
        var directory = new DirectoryInfo(PathOf(DiskName.RequireFolder(folder)));
        var entries = new List<DiskEntry>();
        if (!directory.Exists)
        {
            return entries;
        }

        foreach (var found in directory.EnumerateFileSystemInfos())
        {
            entries.Add(new DiskEntry(DiskName.Join(folder, found.Name), found is DirectoryInfo, found is FileInfo file ? file.Length : 0));
        }

        entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return entries;
    }

    public void CreateFolder(string folder)
    {
        if (DiskName.RequireFolder(folder).Length == 0 || Directory.Exists(PathOf(folder)))
        {
            return;
        }

        var parent = DiskName.FolderOf(folder);
        CreateFolder(parent);
        Directory.CreateDirectory(PathOf(folder));
        SyncFolder(parent);
    }

    public void Rename(string from, string to)
    {
        DiskName.RequireSameFolder(from, to);
        try
        {
            File.Move(FileOf(from), FileOf(to), overwrite: true);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public void Delete(string name)
    {
        var path = FileOf(name);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public void SyncFolder(string folder) => LinuxFiles.SyncFolder(PathOf(DiskName.RequireFolder(folder)));

    public IDisposable? TryLock(string name, string owner, out string holder)
    {
        // The holder's words stand in a file of their own: the locked one cannot be read while it is locked.
        var ownerPath = FileOf(name + ".owner");
        var path = FileOf(name);
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (File.Exists(path))
        {
            holder = File.Exists(ownerPath) ? File.ReadAllText(ownerPath, Encoding.UTF8) : "an unnamed process";
            return null;
        }

        try
        {
            File.WriteAllText(ownerPath, owner, Encoding.UTF8);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        holder = owner;
        return held;
    }

    private string FileOf(string name) => Path.Combine(root, DiskName.Require(name));
}
