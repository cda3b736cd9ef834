using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Persistence;

/// <summary>
/// The events and snapshots of a node's persistent actors on its disk: one log for all of them, so one flush serves all. Each actor's events are a stream of the log, numbered by its name.
/// Opened by the first actor that asks. Used by one thread.
/// </summary>
internal sealed class NodeJournal : IDisposable
{
    /// <summary>The log is that of Raft groups; here nobody votes, and all entries are of one term.</summary>
    private const ulong OnlyTerm = 1;

    private static readonly Configuration Nobody = new();

    private readonly WriteAheadLog log;
    private readonly SnapshotStore snapshots;
    private readonly Dictionary<ShardId, JournalStream> streams = [];

    private NodeJournal(WriteAheadLog log, SnapshotStore snapshots) => (this.log, this.snapshots) = (log, snapshots);

    /// <exception cref="StorageCorruptException">What is on the disk cannot be trusted.</exception>
    /// <exception cref="StorageRefusedException">The disk is another node's.</exception>
    /// <exception cref="IOException">The disk refused it.</exception>
    public static NodeJournal Open(IDisk disk, Guid node, bool withoutFlush)
    {
        var opening = WriteAheadLog.Open(disk, JournalOptions.Log(withoutFlush), node);
        var journal = new NodeJournal(opening.Log, SnapshotStore.Open(disk, JournalOptions.Snapshots));
        foreach (var group in opening.Groups)
        {
            var stream = new JournalStream(group.Group);
            stream.Forget(group.SnapshotIndex);
            stream.Records.AddRange(group.Entries.Select(entry => entry.Data.ToByteArray()));
            journal.streams.Add(group.Group, stream);
        }

        return journal;
    }

    /// <summary>Where the log has outgrown its bound: the streams whose events keep its oldest segment on the disk.</summary>
    public IReadOnlyList<JournalStream> Pinning => log.IsOverSoftBound ? [.. log.GroupsPinningOldest().Select(id => streams[id])] : [];

    /// <summary>The stream of that name, made where there is none.</summary>
    /// <exception cref="StorageRefusedException">Two names have one number.</exception>
    public JournalStream Stream(string persistenceId)
    {
        var id = new ShardId(NumberOf(persistenceId));
        if (!streams.TryGetValue(id, out var stream))
        {
            log.AppendGroupCreated(id, Nobody);
            streams.Add(id, stream = new JournalStream(id));
        }

        if (stream.PersistenceId is { } other && other != persistenceId)
        {
            throw new StorageRefusedException("the node's journal", $"'{persistenceId}' and '{other}' have one number ({id.Value}): name one of them otherwise");
        }

        stream.PersistenceId = persistenceId;
        return stream;
    }

    /// <summary>The newest snapshot of a stream; events that it stands for are forgotten.</summary>
    /// <exception cref="StorageCorruptException">The events follow a snapshot that is not there or not intact.</exception>
    public byte[]? ReadSnapshot(JournalStream stream)
    {
        using var reader = snapshots.OpenNewest(stream.Id, stream.SnapshotSequence).Reader;
        if (reader is null)
        {
            return null;
        }

        var state = new byte[reader.Length];
        reader.ReadExactly(state);
        Mark(stream, reader.Info.Index);
        return state;
    }

    /// <exception cref="InvalidOperationException">An event before it was lost on its way here.</exception>
    public void Append(JournalStream stream, ulong sequence, byte[] record)
    {
        if (sequence != stream.LastSequence + 1)
        {
            throw new InvalidOperationException($"event {sequence} of '{stream.PersistenceId}' came after {stream.LastSequence}");
        }

        log.AppendEntries(stream.Id, [new Entry { Term = OnlyTerm, Index = sequence, Data = UnsafeByteOperations.UnsafeWrap(record) }]);
        stream.Records.Add(record);
    }

    /// <summary>Every record appended so far, on the disk.</summary>
    public WalFlush Flush() => log.Flush();

    /// <summary>The state after an event that is durable, in place of it and those before it.</summary>
    /// <exception cref="IOException">The disk refused it; the events are still there.</exception>
    public void WriteSnapshot(JournalStream stream, ulong sequence, byte[] state)
    {
        if (sequence <= stream.SnapshotSequence)
        {
            return;
        }

        using (var writer = snapshots.Write(stream.Id, sequence, OnlyTerm, Nobody))
        {
            writer.Write(state);
            writer.Complete();
        }

        Mark(stream, sequence);
    }

    public void Dispose() => log.Dispose();

    /// <summary>FNV-1a: the number must be the same in every build, and is checked against every other name that the node uses.</summary>
    private static uint NumberOf(string persistenceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(persistenceId);
        var hash = 2166136261u;
        foreach (var letter in persistenceId)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return hash;
    }

    private void Mark(JournalStream stream, ulong sequence)
    {
        log.AppendSnapshotMark(stream.Id, sequence, OnlyTerm, Nobody);
        stream.Forget(sequence);
    }
}
