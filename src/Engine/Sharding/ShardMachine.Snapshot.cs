namespace Cluster.Engine.Sharding;

/// <summary>Snapshots: the shard's state as one stream, checked against its own state hash when it is read.</summary>
internal sealed partial class ShardMachine
{
    /// <summary>The applied state as it is now: cheap, and it may be written by another thread while this machine goes on. Dispose it when written.</summary>
    public ShardSnapshot TakeSnapshot()
    {
        var parts = new (uint, IMachineSnapshot)[machines.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = (machines[i].Machine, machines[i].TakeSnapshot());
        }

        return new ShardSnapshot(AppliedIndex, LogTimeMs, StateHash, sessions.TakeSnapshot(), parts);
    }

    /// <summary>Replaces the whole state by a snapshot's, and forgets what was proposed.</summary>
    /// <exception cref="InvalidDataException">The stream is not a whole snapshot of such a shard. This machine must not be used further.</exception>
    public void Restore(Stream stream)
    {
        DropProposed();
        try
        {
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            var (magic, version) = (reader.ReadUInt32(), reader.ReadUInt32());
            SnapshotFormat.Require(magic == ShardSnapshot.Magic, "it does not start as a shard snapshot does", magic);
            SnapshotFormat.Require(version == ShardSnapshot.Version, "this program does not know its version", version);
            AppliedIndex = reader.ReadUInt64();
            LogTimeMs = reader.ReadInt64();
            ReadSection(reader, ShardSnapshot.SessionSection, sessions.Restore);
            foreach (var machine in machines)
            {
                ReadSection(reader, machine.Machine, machine.Restore);
            }

            var end = reader.ReadUInt32();
            SnapshotFormat.Require(end == ShardSnapshot.EndSection, "this program does not know its section", end);
            var hash = reader.ReadUInt64();
            SnapshotFormat.Require(hash == StateHash, "what was read is not what was written: state hash", (long)hash);
        }
        catch (Exception cut) when (cut is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"The snapshot is cut off or corrupt: {cut.Message}", cut);
        }
    }

    private static void ReadSection(BinaryReader reader, uint expected, Action<Stream> restore)
    {
        var found = reader.ReadUInt32();
        SnapshotFormat.Require(found == expected, $"section {expected} was expected, found section", found);
        using var section = new SnapshotSectionReader(reader.BaseStream);
        restore(section);
        section.Complete(expected);
    }
}
