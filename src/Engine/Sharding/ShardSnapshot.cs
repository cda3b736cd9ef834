namespace Cluster.Engine.Sharding;

/// <summary>
/// A shard's state at one applied index: immutable, written by any one thread while the shard goes on. The stream is the same, byte for byte, on every
/// replica that applied the same log: header, sessions, each machine's section by number, the state hash.
/// </summary>
internal sealed class ShardSnapshot : IDisposable
{
    internal const uint Magic = 0x53534C43;
    internal const uint Version = 1;
    internal const uint SessionSection = 0;
    internal const uint EndSection = uint.MaxValue;

    private readonly SessionTable.SessionTableSnapshot sessions;
    private readonly (uint Machine, IMachineSnapshot Snapshot)[] parts;

    internal ShardSnapshot(ulong appliedIndex, long logTimeMs, ulong stateHash, SessionTable.SessionTableSnapshot sessions, (uint, IMachineSnapshot)[] parts)
    {
        AppliedIndex = appliedIndex;
        LogTimeMs = logTimeMs;
        StateHash = stateHash;
        this.sessions = sessions;
        this.parts = parts;
    }

    /// <summary>Index of the last command entry that is in it.</summary>
    public ulong AppliedIndex { get; }

    public long LogTimeMs { get; }

    public ulong StateHash { get; }

    /// <summary>Writes in blocks of up to 64 KiB; neither flushes nor closes the stream.</summary>
    public void WriteTo(Stream stream)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(AppliedIndex);
        writer.Write(LogTimeMs);
        WriteSection(writer, SessionSection, sessions.WriteTo);
        foreach (var (machine, snapshot) in parts)
        {
            WriteSection(writer, machine, snapshot.WriteTo);
        }

        writer.Write(EndSection);
        writer.Write(StateHash);
    }

    /// <summary>Lets the shard change in place again what only this snapshot kept apart. Not while it is being written.</summary>
    public void Dispose()
    {
        foreach (var (_, snapshot) in parts)
        {
            snapshot.Dispose();
        }
    }

    private static void WriteSection(BinaryWriter writer, uint id, Action<Stream> write)
    {
        writer.Write(id);
        using var section = new SnapshotSectionWriter(writer.BaseStream);
        write(section);
        section.Complete();
    }
}
