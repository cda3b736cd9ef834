using Cluster.Shared.Http;

namespace Cluster.Engine.Storage.Faults;

/// <summary>
/// A disk that does wrong what it is told to, at run time: slow, full, with failing flushes, or forgetful as memory is. It keeps every promise of
/// <see cref="IDisk"/> but those that a fault breaks, and without a fault only passes on. Any thread may set faults.
/// </summary>
/// <remarks>
/// Names (creations, renames, deletions) reach the disk at once, also while bytes are held back: a journaling file system may bring them there before the bytes,
/// which is the worst that a power loss makes of a rename without a flush. That it may lose them too, the simulator's disk shows.
/// </remarks>
public sealed class FaultyDisk : IDisk, IDisposable
{
    private readonly IDisk inner;
    private readonly TimeProvider time;
    private readonly FaultSwitch faults;
    private readonly Lock gate = new();
    private readonly Dictionary<string, HeldFile> files = new(StringComparer.Ordinal);

    /// <param name="inner">The disk that does the work.</param>
    /// <param name="time">By which a slow disk waits: the machine's time, whatever the node's clock shows.</param>
    /// <param name="random">For jitter, and for where writes tear.</param>
    public FaultyDisk(IDisk inner, TimeProvider time, Random random)
    {
        (this.inner, this.time) = (inner, time);
        faults = new FaultSwitch(time, random);
    }

    /// <summary>What is set now.</summary>
    public DiskFaultView Current => faults.Current;

    public long FreeBytes => faults.Current.Full ? 0 : inner.FreeBytes;

    /// <summary>Replaces the faults. What was held in memory, and is to be held no longer, goes into the files.</summary>
    /// <exception cref="ArgumentException">They cannot be; the message says why.</exception>
    public void Set(DiskFaultView next)
    {
        if (next is { Torn: true, LoseUnsynced: false })
        {
            throw new ArgumentException("torn tears what loseUnsynced holds back: set both");
        }

        if (next is { LatencyMs: < 0 } or { WriteLatencyMs: < 0 } or { JitterMs: < 0 })
        {
            throw new ArgumentException("no disk is faster than at once: latencies and jitter are not negative");
        }

        faults.Set(next);
        if (!next.LoseUnsynced)
        {
            WriteBack();
        }
    }

    public string PathOf(string name) => inner.PathOf(name);

    public IDiskFile Open(string name, DiskMode mode, long preallocateBytes = 0)
    {
        if (faults.Current.Full && preallocateBytes > 0)
        {
            throw new DiskFullException(PathOf(name), preallocateBytes);
        }

        lock (gate)
        {
            var file = inner.Open(name, mode, preallocateBytes);
            if (!files.TryGetValue(name, out var held))
            {
                files.Add(name, held = new HeldFile(name, time, faults));
            }

            if (mode == DiskMode.Create)
            {
                held.Lose(); // It is empty now, whatever was to come.
            }

            held.Handles++;
            return new FaultyDiskFile(this, faults, held, file);
        }
    }

    public bool Exists(string name) => inner.Exists(name);

    public IReadOnlyList<DiskEntry> List(string folder)
    {
        lock (gate)
        {
            return [.. inner.List(folder).Select(entry => files.TryGetValue(entry.Name, out var held) ? entry with { LengthBytes = held.LengthOver(entry.LengthBytes) } : entry)];
        }
    }

    public void CreateFolder(string folder) => inner.CreateFolder(folder);

    public void Rename(string from, string to)
    {
        lock (gate)
        {
            inner.Rename(from, to);
            if (from == to)
            {
                return;
            }

            Unlink(to);
            if (files.Remove(from, out var held))
            {
                held.Name = to;
                files.Add(to, held);
            }
        }
    }

    public void Delete(string name)
    {
        lock (gate)
        {
            inner.Delete(name);
            Unlink(name);
        }
    }

    public void SyncFolder(string folder)
    {
        faults.BeforeFlush();
        if (faults.Current.FailFlush)
        {
            throw new DiskFlushException(PathOf(folder), "injected");
        }

        inner.SyncFolder(folder);
    }

    public IDisposable? TryLock(string name, string owner, out string holder) => inner.TryLock(name, owner, out holder);

    /// <summary>An end in good order is no power loss: what is held goes into the files.</summary>
    public void Dispose() => WriteBack();

    /// <summary>A handle is closed: nobody needs to know the file any more, unless it is open elsewhere or something of it is held.</summary>
    internal void Closed(HeldFile held)
    {
        lock (gate)
        {
            held.Handles--;
            if (held.Handles > 0)
            {
                return;
            }

            if (!files.TryGetValue(held.Name, out var known) || known != held)
            {
                held.Dispose(); // It was deleted, or another took its name.
            }
            else if (!held.HoldsAny)
            {
                files.Remove(held.Name);
            }
        }
    }

    private void WriteBack()
    {
        lock (gate)
        {
            foreach (var held in files.Values.ToArray())
            {
                held.WriteBack();
                if (held.Handles == 0)
                {
                    files.Remove(held.Name);
                }
            }
        }
    }

    /// <summary>The name stands for that file no more; who has it open still reads it.</summary>
    private void Unlink(string name)
    {
        if (files.Remove(name, out var held) && held.Handles == 0)
        {
            held.Dispose();
        }
    }
}
