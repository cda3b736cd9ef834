namespace Cluster.Engine.Remoting.Recording;

/// <summary>Bounds of a node's message recorder. Every default says why it is what it is.</summary>
public sealed record RecordingOptions
{
    /// <summary>Most records kept: ten seconds of a node under full load, twenty times what a reader that polls twice a second leaves behind.</summary>
    public int MaxRecords { get; init; } = 200_000;

    /// <summary>Most bytes of payload kept, over all records: the heap of a lab node is small, and large values would fill it first.</summary>
    public long MaxKeptBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How much of one frame's payload is kept to be decoded: nearly all frames whole. In what is longer, keys stand before their values.</summary>
    public int MaxHeadBytes { get; init; } = 4096;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RecordingOptions Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHeadBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxKeptBytes, MaxHeadBytes);
        return this;
    }
}
