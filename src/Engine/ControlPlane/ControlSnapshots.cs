using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>The control plane's state as bytes and back. Two equal states give equal bytes, on any node.</summary>
internal static class ControlSnapshots
{
    /// <summary>Version of the layout; a snapshot of a later one is refused.</summary>
    public const uint Format = 1;

    public static ControlSnapshot ToWire(ControlView view) => new()
    {
        Format = Format,
        ClusterId = view.ClusterId,
        ClusterName = view.ClusterName,
        Settings = view.Settings.ToWire(),
        Epoch = view.Epoch,
        LastNode = view.LastNode.Value,
        Members = { view.Members.Select(ControlRecords.ToWire) },
        Removed = { view.Removed.Select(ControlRecords.ToWire) },
        Shards = { view.Shards.Select(ControlRecords.ToWire) },
        Singletons = { view.Singletons.Select(singleton => singleton.ToWire()) },
    };

    /// <exception cref="InvalidDataException">The snapshot is of another layout, malformed, or breaks an invariant.</exception>
    public static ControlView Read(ControlSnapshot snapshot)
    {
        if (snapshot.Format != Format)
        {
            throw new InvalidDataException($"the control plane's snapshot has format {snapshot.Format}, this version reads {Format}; start this node with the version its cluster runs");
        }

        var view = ControlView.Empty.With(
            snapshot.Epoch,
            snapshot.ClusterId,
            snapshot.ClusterName,
            ControlRecords.Read(snapshot.Settings),
            new NodeId(snapshot.LastNode),
            [.. snapshot.Members.Select(ControlRecords.Read)],
            [.. snapshot.Removed.Select(ControlRecords.Read)],
            [.. snapshot.Shards.Select(ControlRecords.Read)],
            [.. snapshot.Singletons.Select(ControlRecords.Read)]);
        ControlInvariants.Require(view);
        return view;
    }
}
