using Cluster.Engine.Persistence;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Storage;

/// <summary>
/// A node's data directory, held by this process alone: who the node is, and its life counted. The incarnation is raised and durable before the
/// directory is handed out, so that no two lives of a node ever speak with the same one.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string FileName = "node.json";
    private const string AsideName = "node.json.tmp";
    private const string LockName = "lock";
    private const int FileBytesMax = 64 * 1024;

    private readonly IDisposable held;

    private DataDirectory(IDisk disk, NodeIdentity identity, IDisposable held)
    {
        Disk = disk;
        Identity = identity;
        this.held = held;
    }

    public IDisk Disk { get; }

    public NodeIdentity Identity { get; private set; }

    /// <summary>The node's log must be there: it was a member. To be handed to <see cref="WriteAheadLog.Open"/>.</summary>
    public bool MustHoldLog => !Identity.NodeId.IsNone;

    /// <summary>Takes a directory for this process, makes it the node's own when it is empty, and starts the node's next life.</summary>
    /// <param name="owner">How this process is called by someone who finds the directory taken: "pid 4711 on host a".</param>
    /// <param name="newUid">The uid of the directory if it is new; random.</param>
    /// <exception cref="StorageRefusedException">Taken by another process, or another node's, another cluster's or another format's.</exception>
    /// <exception cref="StorageCorruptException">What is there cannot be trusted.</exception>
    public static DataDirectory Open(IDisk disk, string clusterName, NodeName nodeName, string owner, Guid newUid)
    {
        ArgumentException.ThrowIfNullOrEmpty(clusterName);
        var held = disk.TryLock(LockName, owner, out var holder)
            ?? throw new StorageRefusedException(disk.PathOf(""), $"in use by {holder}: stop that process first, or give this node a directory of its own");
        try
        {
            var identity = Read(disk) ?? Fresh(disk, clusterName, nodeName, newUid);
            Require(disk, identity, clusterName, nodeName);
            identity = identity with { Incarnation = new Incarnation(identity.Incarnation.Value + 1) };
            Write(disk, identity);
            return new DataDirectory(disk, identity, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Notes, durably, what the cluster told the node when it joined. Told the same again, it does nothing.</summary>
    /// <exception cref="StorageRefusedException">The node is a member already, of another cluster or under another number.</exception>
    public void RecordJoined(string clusterId, NodeId nodeId)
    {
        ArgumentException.ThrowIfNullOrEmpty(clusterId);
        ArgumentOutOfRangeException.ThrowIfEqual(nodeId, NodeId.None);
        if (Identity.ClusterId == clusterId && Identity.NodeId == nodeId)
        {
            return;
        }

        if ((Identity.ClusterId.Length > 0 && Identity.ClusterId != clusterId) || (!Identity.NodeId.IsNone && Identity.NodeId != nodeId))
        {
            throw new StorageRefusedException(
                Disk.PathOf(FileName),
                $"this node is {Identity.NodeId} of cluster {Identity.ClusterId}, it cannot become {nodeId} of {clusterId}: give it an empty data directory to join as a new node");
        }

        var joined = Identity with { ClusterId = clusterId, NodeId = nodeId };
        Write(Disk, joined);
        Identity = joined;
    }

    public void Dispose() => held.Dispose();

    private static NodeIdentity? Read(IDisk disk)
    {
        if (!disk.Exists(FileName))
        {
            return null;
        }

        using var file = disk.Open(FileName, DiskMode.Read);
        if (file.Length > FileBytesMax)
        {
            throw new StorageCorruptException(disk.PathOf(FileName), FileBytesMax, $"it has {file.Length} bytes, more than any {FileName}");
        }

        var json = new byte[file.Length];
        var read = file.ReadAt(0, json);
        return NodeIdentityFile.Parse(json.AsSpan(0, read), disk.PathOf(FileName));
    }

    private static NodeIdentity Fresh(IDisk disk, string clusterName, NodeName nodeName, Guid newUid)
    {
        foreach (var folder in (ReadOnlySpan<string>)[WalOptions.DefaultFolder, SnapshotOptions.DefaultFolder, JournalOptions.LogFolder])
        {
            if (disk.List(folder).Count > 0)
            {
                throw new StorageCorruptException(
                    disk.PathOf(FileName),
                    0,
                    $"the file is missing, but {disk.PathOf(folder)} holds data",
                    "Restore the file from a copy, or give the node an empty directory to join as a new node");
            }
        }

        return new NodeIdentity(clusterName, "", nodeName, NodeId.None, newUid, new Incarnation(0));
    }

    private static void Require(IDisk disk, NodeIdentity identity, string clusterName, NodeName nodeName)
    {
        if (identity.NodeName != nodeName)
        {
            throw new StorageRefusedException(disk.PathOf(""), $"the data of node {identity.NodeName}, not of {nodeName}: start it under its own name, or give {nodeName} its own directory");
        }

        if (identity.ClusterName != clusterName)
        {
            throw new StorageRefusedException(disk.PathOf(""), $"the data of a node of cluster '{identity.ClusterName}', not of '{clusterName}': name that cluster, or use an empty directory");
        }
    }

    /// <summary>Aside, flushed, renamed: a crash leaves the old file or the new one, whole.</summary>
    private static void Write(IDisk disk, NodeIdentity identity)
    {
        using (var file = disk.Open(AsideName, DiskMode.Create))
        {
            file.WriteAt(0, NodeIdentityFile.Serialize(identity));
            file.Flush();
        }

        disk.Rename(AsideName, FileName);
        disk.SyncFolder("");
    }
}
