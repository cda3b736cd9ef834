using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Storage;

/// <summary>
/// Takes a snapshot file from another node piece by piece, in order, each at most once. Nothing of it counts until all of it is here, verifies,
/// and is what was announced. Disposed before <see cref="Complete"/>, it leaves no trace.
/// </summary>
public sealed class SnapshotReceiver : IDisposable
{
    private readonly SnapshotStore store;
    private readonly IDisk disk;
    private readonly SnapshotOptions options;
    private readonly Configuration configuration;
    private readonly string aside;
    private IDiskFile? file;

    internal SnapshotReceiver(SnapshotStore store, IDisk disk, SnapshotOptions options, ShardId group, ulong index, ulong term, Configuration configuration, long totalBytes, string aside)
    {
        this.store = store;
        this.disk = disk;
        this.options = options;
        this.configuration = configuration;
        this.aside = aside;
        Group = group;
        Index = index;
        Term = term;
        TotalBytes = totalBytes;
        file = disk.Open(aside, DiskMode.Create);
    }

    public ShardId Group { get; }

    public ulong Index { get; }

    public ulong Term { get; }

    public long TotalBytes { get; }

    /// <summary>The offset that is wanted next.</summary>
    public long NextOffset { get; private set; }

    public bool IsWhole => NextOffset == TotalBytes;

    /// <summary>
    /// Takes a piece, and returns the offset wanted next. A piece seen before, one after a gap, or one that is larger than allowed or than what was announced changes
    /// nothing: the answer tells the sender where to go on.
    /// </summary>
    /// <exception cref="IOException">The disk refused it (<see cref="DiskFullException"/>): dispose the receiver, refuse the transfer, and let the sender come again.</exception>
    public long Accept(long offset, ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(file is null, this);
        var isNext = offset >= 0 && offset <= NextOffset && data.Length <= options.ChunkBytesMax && data.Length <= TotalBytes - offset;
        if (isNext && NextOffset - offset < data.Length)
        {
            var fresh = data[(int)(NextOffset - offset)..];
            file.WriteAt(NextOffset, fresh);
            NextOffset += fresh.Length;
        }

        return NextOffset;
    }

    /// <summary>Verifies the whole file, makes it durable and the group's snapshot. After a refusal the transfer starts anew with another receiver.</summary>
    /// <exception cref="InvalidOperationException">It is not whole yet.</exception>
    /// <exception cref="IOException">The disk refused it.</exception>
    public SnapshotReceipt Complete()
    {
        ObjectDisposedException.ThrowIf(file is null, this);
        if (!IsWhole)
        {
            throw new InvalidOperationException($"snapshot {Index} of group {Group} has {NextOffset} of {TotalBytes} bytes");
        }

        SnapshotInfo info;
        try
        {
            using var reader = SnapshotReader.Open(disk, aside, Group);
            reader.Verify();
            info = reader.Info;
        }
        catch (Exception error) when (error is StorageCorruptException or StorageRefusedException)
        {
            Dispose();
            return new SnapshotReceipt(null, error.Message);
        }

        if (info.Index != Index || info.Term != Term || !info.Configuration.Equals(configuration))
        {
            Dispose();
            return new SnapshotReceipt(null, $"announced was a snapshot of entry {Index} of term {Term}, the file says entry {info.Index} of term {info.Term}, or another configuration");
        }

        file.Flush();
        store.Name(aside, Group, Index, Term);
        file.Dispose();
        file = null;
        store.DeleteOlder(Group);
        return new SnapshotReceipt(info, null);
    }

    public void Dispose()
    {
        if (file is not null)
        {
            file.Dispose();
            file = null;
            store.DeleteQuietly(aside);
        }
    }
}
