namespace Cluster.Engine.Sharding;

/// <summary>Snapshots: the shard's state as one stream, checked against its own state hash when it is read.</summary>
internal sealed partial class ShardMachine
{
    /// <summary>The applied state as it is now: cheap, and it may be written by another thread while this machine goes on. Dispose it when written.</summary>
    public ShardSnapshot TakeSnapshot()
    {
        var parts = new List<(uint, IMachineSnapshot)>(machines.Length);
        foreach (var machine in machines)
        {
            if (!machine.IsUnused)
            {
                parts.Add((machine.Machine, machine.TakeSnapshot()));
            }
        }

        return new ShardSnapshot(AppliedIndex, LogTimeMs, StateHash, sessions.TakeSnapshot(), [.. parts]);
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
            var section = reader.ReadUInt32();
            foreach (var machine in machines)
            {
                if (section == machine.Machine)
                {
                    ReadBody(reader, section, machine.Restore);
                    section = reader.ReadUInt32();
                }
                else
                {
                    SnapshotFormat.Require(machine.IsUnused, "it lacks the section", machine.Machine);
                }
            }

            if (section != ShardSnapshot.EndSection)
            {
                throw new InvalidDataException($"The snapshot has a section {section}, sections being in ascending order. {NoSuchMachine(section)}");
            }

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
        ReadBody(reader, expected, restore);
    }

    private static void ReadBody(BinaryReader reader, uint expected, Action<Stream> restore)
    {
        using var section = new SnapshotSectionReader(reader.BaseStream);
        restore(section);
        section.Complete(expected);
    }
}
