namespace Cluster.Engine.Sharding;

/// <summary>What readers of snapshots share: every count is checked before memory is taken for it, and what is wrong is named.</summary>
internal static class SnapshotFormat
{
    /// <exception cref="InvalidDataException"><paramref name="holds"/> is false.</exception>
    public static void Require(bool holds, string what, long found)
    {
        if (!holds)
        {
            throw new InvalidDataException($"The snapshot is corrupt: {what}: {found}");
        }
    }

    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    public static byte[] ReadExactly(BinaryReader reader, int length)
    {
        var bytes = new byte[length];
        reader.BaseStream.ReadExactly(bytes);
        return bytes;
    }
}
