using Cluster.Engine.Storage;

namespace Cluster.Engine.Tests.Storage;

/// <summary>A disk that keeps nothing and allocates nothing when written to, to measure what its user allocates.</summary>
internal sealed class SilentDisk : IDisk
{
    public long FreeBytes => long.MaxValue;

    public string PathOf(string name) => name;

    public IDiskFile Open(string name, DiskMode mode, long preallocateBytes = 0) => new SilentFile(name, preallocateBytes);

    public bool Exists(string name) => false;

    public IReadOnlyList<DiskEntry> List(string folder) => [];

    public void CreateFolder(string folder)
    {
    }

    public void Rename(string from, string to)
    {
    }

    public void Delete(string name)
    {
    }

    public void SyncFolder(string folder)
    {
    }

    public IDisposable? TryLock(string name, string owner, out string holder) => throw new NotSupportedException();

    private sealed class SilentFile(string name, long length) : IDiskFile
    {
        public string Name => name;

        public long Length => length;

        public int ReadAt(long offset, Span<byte> destination) => 0;

        public void WriteAt(long offset, ReadOnlySpan<byte> source)
        {
        }

        public void Flush()
        {
        }

        public void Truncate(long length)
        {
        }

        public void Dispose()
        {
        }
    }
}
