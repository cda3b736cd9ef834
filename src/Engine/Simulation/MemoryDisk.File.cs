using Cluster.Engine.Storage;

namespace Cluster.Engine.Simulation;

public sealed partial class MemoryDisk
{
    /// <summary>An open file. A handle from before a crash is refused: nothing may write through a dead process.</summary>
    private sealed class File(MemoryDisk disk, string name, MemoryDiskContent content, int life) : IDiskFile
    {
        private bool disposed;

        public string Name => name;

        public long Length => content.Length;

        public int ReadAt(long offset, Span<byte> destination)
        {
            RequireOpen();
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            return content.ReadAt(offset, destination);
        }

        public void WriteAt(long offset, ReadOnlySpan<byte> source)
        {
            RequireOpen();
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            disk.Count();
            disk.Writes++;
            var allowed = disk.Allowed(content, offset, source.Length);
            if (allowed > 0)
            {
                content.WriteAt(offset, source[..allowed]);
                disk.BytesWritten += allowed;
            }

            if (disk.Faults.FullAfterBytes is { } left)
            {
                disk.Faults.FullAfterBytes = Math.Max(0, left - allowed);
            }

            if (disk.Faults.FailWrites)
            {
                disk.FaultsMet++;
                throw new IOException($"{disk.PathOf(name)}: injected write error");
            }

            if (allowed < source.Length)
            {
                disk.FaultsMet++;
                throw new DiskFullException(disk.PathOf(name), source.Length);
            }
        }

        public void Flush()
        {
            RequireOpen();
            disk.Count();
            disk.Flushes++;
            if (disk.Faults.FailFlushes)
            {
                disk.FaultsMet++;
                content.FailFlush();
                throw new DiskFlushException(disk.PathOf(name), "injected");
            }

            disk.Witness?.Flushed();
            if (!disk.Lies())
            {
                content.Flush(disk.Witness, name);
            }
        }

        public void Truncate(long length)
        {
            RequireOpen();
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            disk.Count();
            if (length - content.Length > disk.FreeBytes)
            {
                throw new DiskFullException(disk.PathOf(name), length);
            }

            content.Truncate(length);
        }

        public void Dispose() => disposed = true;

        private void RequireOpen()
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (disk.life != life)
            {
                throw new MemoryDiskStoppedException();
            }
        }
    }

    /// <summary>How many of a write's bytes the faults let through.</summary>
    private int Allowed(MemoryDiskContent content, long offset, int count)
    {
        var allowed = Faults.FailWrites ? count / 2 : count;
        if (Faults.FullAfterBytes is { } left)
        {
            allowed = (int)Math.Min(allowed, left);
        }

        var growth = offset + allowed - content.Length;
        return growth > 0 && growth > FreeBytes ? (int)Math.Max(0, allowed - (growth - FreeBytes)) : allowed;
    }
}
