using System.Globalization;
using System.Text;
using System.Text.Json;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Storage;

/// <summary>
/// <c>node.json</c> as it is written: readable by people, with a checksum, because one flipped bit in the node's number would make two nodes vote as one.
/// </summary>
internal sealed record NodeIdentityFile(int Format, string? ClusterName, string? ClusterId, string? NodeName, uint NodeId, string? Uid, ulong Incarnation, string? Checksum)
{
    public const int CurrentFormat = 1;

    private const string Remedy = "Restore the file from a copy, or remove this node's data directory and let it join again as a new node";

    public static byte[] Serialize(NodeIdentity identity)
    {
        var file = new NodeIdentityFile(
            CurrentFormat,
            identity.ClusterName,
            identity.ClusterId,
            identity.NodeName.ToString(),
            identity.NodeId.Value,
            identity.Uid.ToString("D"),
            identity.Incarnation.Value,
            Checksum: null);
        return JsonSerializer.SerializeToUtf8Bytes(file with { Checksum = file.Sum() }, NodeIdentityJson.Default.NodeIdentityFile);
    }

    /// <exception cref="StorageCorruptException">Not such a file, or changed since it was written.</exception>
    /// <exception cref="StorageRefusedException">Of another format.</exception>
    public static NodeIdentity Parse(ReadOnlySpan<byte> json, string path)
    {
        var file = Read(json, path);
        if (file.Format != CurrentFormat)
        {
            throw new StorageRefusedException(path, $"data format {file.Format}, this program knows format {CurrentFormat}: start the version that wrote it");
        }

        if (file.Checksum != file.Sum())
        {
            throw new StorageCorruptException(path, 0, "its fields do not match its checksum: it was changed after it was written", Remedy);
        }

        return Shared.Ids.NodeName.TryParse(file.NodeName, out var name) && Guid.TryParseExact(file.Uid, "D", out var uid) && !string.IsNullOrEmpty(file.ClusterName)
            ? new NodeIdentity(file.ClusterName, file.ClusterId ?? "", name, new NodeId(file.NodeId), uid, new Incarnation(file.Incarnation))
            : throw new StorageCorruptException(path, 0, "node name, uid or cluster name is missing or malformed", Remedy);
    }

    private static NodeIdentityFile Read(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(json, NodeIdentityJson.Default.NodeIdentityFile)
                ?? throw new StorageCorruptException(path, 0, "it says null", Remedy);
        }
        catch (JsonException error)
        {
            throw new StorageCorruptException(path, 0, $"it is no readable JSON ({error.Message})", Remedy);
        }
    }

    private string Sum()
    {
        var fields = string.Create(CultureInfo.InvariantCulture, $"{Format}\n{ClusterName}\n{ClusterId}\n{NodeName}\n{NodeId}\n{Uid}\n{Incarnation}");
        return Storage.Checksum.Of(Encoding.UTF8.GetBytes(fields)).ToString("x8", CultureInfo.InvariantCulture);
    }
}
