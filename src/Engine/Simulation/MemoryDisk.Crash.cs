namespace Cluster.Engine.Simulation;

public sealed partial class MemoryDisk
{
    /// <summary>What this disk is told to do wrong. Stays as it is over a crash, but for <see cref="MemoryDiskFaults.StopAfterOperations"/>.</summary>
    public MemoryDiskFaults Faults { get; } = new();

    /// <summary>Operations so far: opens, lists, writes, flushes, truncations, renames, deletions, folder syncs. A crash can be put after each.</summary>
    public long Operations { get; private set; }

    /// <summary>How often a fault made an operation fail, or lie.</summary>
    public long FaultsMet { get; private set; }

    /// <summary>Whether it ever lost, by a lie or a flipped bit, what it had said to keep.</summary>
    public bool BrokeItsWord { get; private set; }

    /// <summary>Told what becomes durable.</summary>
    internal IDiskWitness? Witness { get; set; }

    /// <summary>File flushes so far, failed ones included.</summary>
    public long Flushes { get; private set; }

    public long FolderSyncs { get; private set; }

    public long Writes { get; private set; }

    public long BytesWritten { get; private set; }

    /// <summary>
    /// The machine loses power: locks end, open files are gone, and of what was not flushed the seed decides what is left. The disk can be
    /// opened again at once.
    /// </summary>
    public void Crash(int seed)
    {
        var random = new Random(seed);
        life++;
        locks.Clear();
        Faults.StopAfterOperations = null;
        foreach (var changes in unsyncedNames.Values)
        {
            Apply(changes, random.Next(changes.Count + 1));
        }

        unsyncedNames.Clear();
        current.Clear();
        foreach (var (name, content) in durable)
        {
            content.Crash(random);
            current.Add(name, content);
        }
    }

    /// <summary>The process dies but the machine stays up: locks end and open files are gone, but everything written is there.</summary>
    public void Kill()
    {
        life++;
        locks.Clear();
        Faults.StopAfterOperations = null;
    }

    /// <summary>Everything on it is deleted, as when a node that has left is to join as a new one: what it lost before is nobody's any more.</summary>
    public void Wipe()
    {
        Kill();
        BrokeItsWord = false;
        current.Clear();
        durable.Clear();
        unsyncedNames.Clear();
        folders.Clear();
    }

    /// <summary>Flips bit <paramref name="bit"/> (0 to 7) of a byte, on the disk itself.</summary>
    public void FlipBit(string name, long offset, int bit)
    {
        current[name].FlipBit(offset, bit);
        FaultsMet++;
        BrokeItsWord = true;
    }

    private bool Lies()
    {
        if (Faults.LieAboutFlushes)
        {
            FaultsMet++;
            BrokeItsWord = true;
        }

        return Faults.LieAboutFlushes;
    }

    private void Count()
    {
        if (Faults.StopAfterOperations is { } left)
        {
            if (left <= 0)
            {
                FaultsMet++;
                throw new MemoryDiskStoppedException();
            }

            Faults.StopAfterOperations = left - 1;
        }

        Operations++;
    }
}
