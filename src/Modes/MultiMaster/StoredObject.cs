using System.Text.Json;

namespace Cluster.Modes.MultiMaster;

/// <summary>An object with what is worked out once for each state of it.</summary>
/// <param name="Bytes">Of its state as it travels.</param>
internal sealed record StoredObject(ReplicatedObject Object, int Bytes, int Bucket, UInt128 Hash)
{
    public static StoredObject Of(ReplicatedObject state)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(state, MultiMasterJson.Default.ReplicatedObject);
        return new StoredObject(state, bytes.Length, DigestTree.BucketOf(state.Key), DigestTree.HashOf(bytes));
    }
}
